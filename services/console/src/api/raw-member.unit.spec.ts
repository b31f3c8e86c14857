import fc from 'fast-check';
import { rawMember } from './raw-member.ts';

describe('the source text of a member', () => {
  it('keeps what parsing would change', () => {
    const payload = '{"id": 12345678901234567890, "a":1, "a":2, "n":1.0}';
    expect(rawMember(`{"id":1,"request_payload":${payload},"response_content":""}`, 'request_payload')).toBe(
      payload,
    );
  });

  it('is not that of a deeper member, nor of a text that looks like one', () => {
    const json =
      '{"webhook":{"body":1,"x":["body",{"body":2}]},"text":"\\"body\\":3,","body" : [4, {"body":5}] }';
    expect(rawMember(json, 'body')).toBe('[4, {"body":5}]');
    expect(rawMember(json, 'bodies')).toBeUndefined();
  });

  it('is what JSON.stringify made of any value', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.jsonValue(), (others, value) => {
        const json = JSON.stringify({ before: others, wanted: value, after: 1 });
        expect(rawMember(json, 'wanted')).toBe(JSON.stringify(value));
      }),
    );
  });
});
