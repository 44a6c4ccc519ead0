/** Something that settles once, successfully or not; whoever waits is told at once and in the order of asking, as .NET continuations are. */
export class Future {
  #succeeded: boolean | undefined;
  #waiting: ((succeeded: boolean) => void)[] = [];

  get settled(): boolean {
    return this.#succeeded !== undefined;
  }

  /** Only the first call counts. */
  settle(succeeded: boolean): void {
    if (this.#succeeded !== undefined) return;
    this.#succeeded = succeeded;
    for (const tell of this.#waiting.splice(0)) tell(succeeded);
  }

  whenSettled(tell: (succeeded: boolean) => void): void {
    if (this.#succeeded === undefined) this.#waiting.push(tell);
    else tell(this.#succeeded);
  }
}

/** Yields what it waits for, receives whether that succeeded, returns whether it succeeded itself. */
export type Coroutine = Generator<Future, boolean, boolean>;

/** Runs a coroutine as far as it goes and again whenever what it waits for settles; what it throws settles nothing and passes through. */
export function spawn(body: Coroutine): Future {
  const result = new Future();
  const advance = (succeeded: boolean): void => {
    const step = body.next(succeeded);
    if (step.done) result.settle(step.value);
    else step.value.whenSettled(advance);
  };
  advance(true);
  return result;
}

/** Succeeds when all have succeeded; waits for every one of them even after a failure (.NET `Task.WhenAll`). */
export function all(futures: readonly Future[]): Future {
  const result = new Future();
  let open = futures.length;
  let succeeded = true;
  if (open === 0) result.settle(true);
  for (const future of futures) {
    future.whenSettled((one) => {
      succeeded &&= one;
      open -= 1;
      if (open === 0) result.settle(succeeded);
    });
  }
  return result;
}

/** Settles with the first; its outcome doesn't matter (.NET `Task.WhenAny`). */
export function any(futures: readonly Future[]): Future {
  const result = new Future();
  for (const future of futures) future.whenSettled(() => result.settle(true));
  return result;
}
