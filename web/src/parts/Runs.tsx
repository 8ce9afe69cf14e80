/** A text with its Urdu words in their own letters and direction, also within a sentence of another language. */

const URDU = /(\p{Script=Arabic}(?:[\p{Script=Arabic}\p{M}\s]*[\p{Script=Arabic}\p{M}])?)/u;

export function Runs({ text }: { text: string }) {
  return text.split(URDU).map((run, at) => (at % 2 ? <bdi key={at} lang="ur" dir="rtl">{run}</bdi> : run));
}
