/** Server-Sent Events from bytes: blocks end with a blank line, data may span lines, comments are skipped. */

export interface ServerSentEvent {
  id: string;
  event: string;
  data: string;
}

export async function* serverSentEvents(
  bytes: ReadableStream<BufferSource>,
  read: <T>(promise: Promise<T>) => Promise<T>,
): AsyncGenerator<ServerSentEvent> {
  const reader = bytes.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  try {
    for (;;) {
      const { value, done } = await read(reader.read());
      if (done) return;
      const blocks = (rest + value).split(/\r\n\r\n|\n\n|\r\r/);
      rest = blocks.pop() ?? "";
      for (const block of blocks) {
        const event = eventOf(block);
        if (event) yield event;
      }
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

function eventOf(block: string): ServerSentEvent | null {
  let id = "";
  let event = "message";
  const data: string[] = [];
  for (const line of block.split(/\r\n|\n|\r/)) {
    const [, name, value = ""] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
    if (name === "id") id = value;
    if (name === "event") event = value;
    if (name === "data") data.push(value);
  }
  return data.length ? { id, event, data: data.join("\n") } : null;
}
