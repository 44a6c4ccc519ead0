import type { TargetKind } from '../domain/target.ts';
import type { Operation } from './operation.ts';

/** What a member holds that names somebody: an Entra object id; a mail address; or a user name, which is a principal name in one document, a display name in the next. */
type Naming = 'objectId' | 'userName' | 'email';

/**
 * Members of a document that name a person by object id, user principal name or mail; paths with dots, `*` for any member or element.
 * `identity`: always names somebody, and by what. `mentions`: may hold anything. `objectIds`: those of `mentions` that people have written,
 * where a GUID counts as a person's object id; elsewhere the service writes ids of runs and snapshots.
 */
export interface Persons {
  readonly identity?: Readonly<Record<string, Naming>>;
  readonly mentions?: readonly string[];
  readonly objectIds?: readonly string[];
}

/** Tags of the resource manager's documents: names and values that people have written. */
export const RESOURCE_TAGS: Persons = { mentions: ['tags.*'] };

/**
 * One step down the upstream tree: the operation that lists what lies there, and the parameter under which an element is known below.
 * `self`: the place itself is an element too, without that parameter (a project's workspace beside its iterations).
 */
export interface Level {
  readonly name: string;
  readonly list: Operation;
  /** Asks for an element by itself, by `parameter`: only then a list within it that answers 404 can be told from one at a wrong address. */
  readonly read?: Operation;
  /** What identifies a listed element (see `identityOf` in plan/places.ts), and the route parameter that takes it. */
  readonly identity: string;
  readonly parameter: string;
  readonly self?: boolean;
  /** Members of an element that say whose it, and all that lies below it, is. */
  readonly persons?: Persons;
  /** Family within an element whose documents say whose it is. */
  readonly personsWithin?: string;
  readonly contained?: Contained;
}

/** What lies below the elements of a level lies in containers, and several elements may name the same one. */
export interface Contained {
  /** Members that name an element's container, and the element itself (see `identityOf` in plan/places.ts). */
  readonly in: string;
  readonly own: string;
  /** What stands before an element's own id in the name of a container made for it alone; a container may be called like the element, too. */
  readonly prefix: string;
  /** Outer levels within which a container's name always means the same one. */
  readonly depth: number;
}

/**
 * Links that lead to no host, but name artifacts that the target keeps: one by its id (`origin/container/path`), or all of an asset, whose
 * `artifacts` have an `id` each or a `prefix` of ids.
 */
export interface NamedContent {
  /** What such links begin with. */
  readonly artifact: string;
  readonly asset: string;
  readonly readAsset: Operation;
  /** Tells the link to the bytes of one artifact as `contentUri`, by `origin`, `container` and `path`. */
  readonly content: Operation;
  /** The same of all that begin with a path. */
  readonly contents: Operation;
}

/** Bytes behind a member of a document, fetched at once, on their own host, without our secrets. */
export interface Bytes {
  /** Where an item has several: the list whose elements have the member. */
  readonly each?: string;
  readonly member: string;
  /** Asked for the link, with the item's members as parameters; `member` is then one of its answer, or the answer itself when empty. */
  readonly via?: { readonly read: Operation; readonly parameters: Readonly<Record<string, string>> };
  /** What the bytes are when the answer doesn't say. */
  readonly contentType: string;
  /** Only where this member has this value, as an export that is `Done`. */
  readonly when?: { readonly member: string; readonly is: string };
  readonly named?: NamedContent;
}

/** A document that belongs to an item and is read with it. */
export interface Part {
  readonly part: string;
  readonly read: Operation;
  /** Members of the item for parameters of the call that the walk doesn't carry. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** The item has the part only when this member has this value; absent: always asked for. */
  readonly when?: { readonly member: string; readonly is: string };
  /** Error codes with which upstream says that the item has no such part. */
  readonly noneWhen: readonly string[];
}

/** Erasure by the family's own call. */
export interface EraseByCall {
  readonly by: 'call';
  readonly operation: Operation;
  /** Items a call takes in one query value, joined by commas; one item a call when absent. */
  readonly batch?: { readonly query: string; readonly size: number };
  /** Query options that a later version of the service understands: copies elsewhere go too. */
  readonly everywhere?: { readonly since: string; readonly query: Readonly<Record<string, string>> };
  /** To be done first when the item's own document says so: a published iteration is unpublished. */
  readonly first?: { readonly read: Operation; readonly whenFilled: string; readonly call: Operation };
  /** Families within an item of this one that are erased before it; what is there then forbids the call. */
  readonly contains?: readonly string[];
  /** Families within an item of this one that go with it. Their inventory is taken again before the call; drift forbids it. */
  readonly cascades?: readonly string[];
  /** Family that `contains` this one, with whose item this one's go where a request lets them go together. */
  readonly together?: string;
  /** Query options with which a later version of the service erases all items under one parent by one call. */
  readonly whole?: { readonly since: string; readonly query: Readonly<Record<string, string>> };
}

/** How a family's items go away: data with three cases. "By hand" carries the sentence that the receipt prints. */
export type Erase =
  | EraseByCall
  /** The sentence of the source document that says so. */
  | { readonly by: 'parent'; readonly family: string; readonly sentence: string }
  | { readonly by: 'hand'; readonly sentence: string };

/**
 * Resource groups that stay when an item is deleted: the ARM ids in `members` of its document lie in them. `named`: what the service writes into the
 * names of groups that it made; others are their owner's.
 */
export interface Survives {
  readonly sentence: string;
  readonly members: readonly string[];
  readonly named: string;
}

/**
 * How a deletion is proved. `item`: asked for by itself, 404. `lists`: not in any list of the family, read again from the start.
 * `control` must answer 200 with the same credential on the same host, or a 404 proves nothing.
 */
export type Proof =
  | { readonly by: 'item'; readonly read: Operation; readonly control: Operation }
  | { readonly by: 'lists'; readonly control: Operation };

/** One kind of data with its own operations. */
export interface Family {
  readonly family: string;
  readonly title: string;
  readonly target: TargetKind;
  /** Levels between the target and the family's lists, outermost first. */
  readonly within: readonly Level[];
  readonly list: readonly Operation[];
  readonly identity: string;
  readonly parameter: string;
  /** Members that say of an item where it lies: where it has them, calls for it go by them, not by where it was listed. */
  readonly liesIn?: Readonly<Record<string, string>>;
  /** Reads an item by itself. */
  readonly read?: Operation;
  /**
   * Member of a listed item that says when it was made: by it a retention policy tells old from young. It must never change, or what a plan found
   * old would be young when it is erased. Only where items go by themselves and take nothing with them.
   */
  readonly age?: string;
  /** The service gives each item a random id: no later one can have it. Elsewhere an item's age is read again just before it is erased. */
  readonly assignedOnce?: true;
  /** Why each item is read by itself when it is exported: the list is said to be sparse, or its shape is not known. */
  readonly readEach?: string;
  readonly persons?: Persons;
  /** The document that names the persons of an item which names none itself: a metric's run. */
  readonly personsVia?: {
    readonly read: Operation;
    readonly parameters: Readonly<Record<string, string>>;
    readonly persons: Persons;
  };
  /** Family within an item of this one whose documents say whose the item is: a project is its runs' people's. */
  readonly personsWithin?: string;
  /** Identifier of the subject without which nothing can be asked for, and by which all of it is the subject's; never stored with the task. */
  readonly subject?: {
    readonly identifier: 'objectId';
    readonly ground: string;
    /** What a deletion takes with it of people who were not asked for. */
    readonly othersGo: string;
  };
  /** Deleted only when the request names the family and the operator's settings allow it; otherwise kept with this ground. */
  readonly infrastructure?: { readonly ground: string; readonly survives?: Survives };
  /** Ground on which the target has no such data to ask for, when this member of the target is missing. */
  readonly unless?: { readonly target: string; readonly ground: string };
  /** Must answer where the family's one document answers 404: only then that is missing. The proof's control where absent. */
  readonly beside?: Operation;
  /** Asks which of some ids lie in an earlier place of the innermost level: an item that lies in several is counted in the first. */
  readonly claims?: { readonly read: Operation; readonly query: string; readonly size: number };
  readonly parts?: readonly Part[];
  readonly bytes?: readonly Bytes[];
  readonly erase: Erase;
  /** Families whose items must be gone before this one's are touched. */
  readonly after: readonly string[];
  readonly proof?: Proof;
  /** Ground on which items can't be erased while another family stays, on versions before `until`. */
  readonly needs?: { readonly family: string; readonly before: string; readonly ground: string };
}

/** One branch of the upstream tree: its families and what lies outside all of them. */
export interface Branch {
  readonly target: TargetKind;
  /** Full URLs before an operation's path, placeholders in braces. */
  readonly bases: Readonly<Record<string, string>>;
  /** Member of the target for each placeholder of the bases. */
  readonly values: Readonly<Record<string, string>>;
  /** Hosts to which a signed call may go: names with placeholders, or parent domains with a leading dot. */
  readonly hosts: readonly string[];
  /** A base that the service itself tells: the link in `member` of this document, without its last segment, where its host is allowed. */
  readonly discover?: { readonly base: string; readonly read: Operation; readonly member: string };
  readonly families: readonly Family[];
  readonly byHand: readonly { readonly what: string; readonly sentence: string }[];
}
