/** A reply's text with its bold, code and links; never as HTML. */

import { piecesOf, type Piece } from "../prose";

export function Prose({ text }: { text: string }) {
  return piecesOf(text).map((piece, at) => <PiecePart key={at} piece={piece} />);
}

function PiecePart({ piece }: { piece: Piece }) {
  switch (piece.kind) {
    case "bold":
      return <strong>{piece.text}</strong>;
    case "code":
      return <code>{piece.text}</code>;
    case "link":
      return <a href={piece.address} target="_blank" rel="noopener noreferrer nofollow">{piece.text}</a>;
    default:
      return piece.text;
  }
}
