import fc from 'fast-check';
import { expect, it } from 'vitest';
import { queueMessages } from '../../../../local/host/queue/output.ts';

it.each([
  [{ string: 'plain' }, ['plain']],
  [{ string: '42' }, ['42']],
  [{ string: '{"a":1}' }, ['{\n  "a": 1\n}']],
  [{ string: '{not json' }, ['{not json']],
  [{ json: '[]' }, []],
  [{ json: '[1,"two",{"three":3}]' }, ['1', 'two', '{\n  "three": 3\n}']],
  [{ int: 7 }, ['7']],
  [{ double: 1.5 }, ['1.5']],
  [{ bytesBase64: 'AP8=' }, [Buffer.from([0, 255])]],
])('%j becomes %j', (data, messages) => {
  expect(queueMessages(data)).toEqual(messages);
});

it('every element of an array becomes one message that holds it', () => {
  fc.assert(
    fc.property(fc.array(fc.dictionary(fc.string(), fc.jsonValue())), (values) => {
      const messages = queueMessages({ json: JSON.stringify(values) });
      expect(messages.map((text) => JSON.parse(text.toString()))).toEqual(JSON.parse(JSON.stringify(values)));
    }),
  );
});
