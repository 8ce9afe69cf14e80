/** A reply's text with its bold, code and links; never as HTML. */

import { piecesOf, type Piece } from "../prose";
import { Runs } from "./Runs";

/** `isUrdu`: the whole text is, so that no word of it needs to be marked as such. */
export function Prose({ text, isUrdu }: { text: string; isUrdu: boolean }) {
  return piecesOf(text).map((piece, at) => <PiecePart key={at} piece={piece} isUrdu={isUrdu} />);
}

function PiecePart({ piece, isUrdu }: { piece: Piece; isUrdu: boolean }) {
  const text = isUrdu ? piece.text : <Runs text={piece.text} />;
  switch (piece.kind) {
    case "bold":
      return <strong>{text}</strong>;
    case "code":
      return <code>{piece.text}</code>;
    case "link":
      return <a href={piece.address} target="_blank" rel="noopener noreferrer nofollow">{piece.text}</a>;
    default:
      return text;
  }
}
