/** The little markup that replies carry: **bold**, `code` and links; anything else is text as it stands. */

export type Piece =
  | { kind: "text" | "bold" | "code"; text: string }
  | { kind: "link"; text: string; address: string };

const MARKUP =
  /\*\*(?<bold>[^*\n]+)\*\*|`(?<code>[^`\n]+)`|\[(?<label>[^\]\n]+)\]\((?<target>[^()\s]+)\)|(?<bare>https?:\/\/[^\s<>"'`]*[^\s<>"'`.,:;!?()[\]۔،؟])/g;
const SAFE = new Set(["http:", "https:", "mailto:"]);

export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(MARKUP)) {
    if (match.index > end) pieces.push({ kind: "text", text: text.slice(end, match.index) });
    pieces.push(pieceOf(match[0], match.groups!));
    end = match.index + match[0].length;
  }
  if (end < text.length) pieces.push({ kind: "text", text: text.slice(end) });
  return pieces;
}

function pieceOf(whole: string, found: Record<string, string | undefined>): Piece {
  const { bold, code, label, target, bare } = found;
  if (bold !== undefined) return { kind: "bold", text: bold };
  if (code !== undefined) return { kind: "code", text: code };
  const address = safeAddress(target ?? bare ?? "");
  return address ? { kind: "link", text: label ?? whole, address } : { kind: "text", text: whole };
}

/** The address when it is a whole one that a person may open (no script, no data, nothing relative). */
export function safeAddress(written: string): string | null {
  try {
    const address = new URL(written);
    return SAFE.has(address.protocol) ? address.href : null;
  } catch {
    return null;
  }
}
