/** Who reads the newest stays there as it grows; who scrolls up gets what was said earlier, without a jump. */

import { useEffect, useLayoutEffect, useRef, type RefObject } from "react";
import type { Conversation } from "../state/conversation";
import { useStore } from "../state/store";

const LOW = 120; // so many pixels from the end still count as reading the newest
const HIGH = 300; // so many from the beginning ask for what was said earlier
const SETTLED_MS = 200;

/** What the log hangs the refs on: what scrolls, the log in it, and a mark at its start and its end. */
export interface Following {
  scroll: RefObject<HTMLDivElement | null>;
  log: RefObject<HTMLDivElement | null>;
  start: RefObject<HTMLDivElement | null>;
  end: RefObject<HTMLDivElement | null>;
  /** Asks for what was said earlier. */
  earlier: () => void;
}

export function useFollowing(conversation: Conversation): Following {
  const { name, entries, cursor } = useStore(conversation);
  const scroll = useRef<HTMLDivElement>(null);
  const log = useRef<HTMLDivElement>(null);
  const isLow = useRef(true);
  const anchor = useRef<{ element: Element; top: number } | null>(null);
  const start = useRef<HTMLDivElement>(null);
  const end = useRef<HTMLDivElement>(null);
  const isHigh = useRef(false);
  const read = useRef(async () => {});
  const isReading = useRef(false);
  const lastKey = entries.at(-1)?.key;

  useLayoutEffect(() => {
    isLow.current = true;
  }, [name, lastKey]);

  useLayoutEffect(() => {
    const place = scroll.current!;
    if (anchor.current) place.scrollTop += anchor.current.element.getBoundingClientRect().top - anchor.current.top;
    else if (isLow.current) place.scrollTop = place.scrollHeight;
    anchor.current = null;
  }, [entries]);

  // Observers, not the scroll event: asking for heights on each scroll would lay the log out again each time.
  useEffect(() => {
    const seen = (element: RefObject<Element | null>, margin: string, told: (isSeen: boolean) => void) => {
      const observer = new IntersectionObserver((entries) => told(entries.at(-1)!.isIntersecting), {
        root: scroll.current,
        rootMargin: margin,
      });
      observer.observe(element.current!);
      return () => observer.disconnect();
    };
    const leaveEnd = seen(end, `0px 0px ${LOW}px`, (isSeen) => (isLow.current = isSeen));
    const leaveStart = seen(start, `${HIGH}px 0px 0px`, (isSeen) => {
      isHigh.current = isSeen && !isLow.current;
      if (isHigh.current) void read.current();
    });
    return () => {
      leaveEnd();
      leaveStart();
    };
  }, []);

  useEffect(() => {
    const place = scroll.current!;
    const settle = new ResizeObserver(() => {
      if (isLow.current) place.scrollTop = place.scrollHeight;
    });
    settle.observe(place);
    settle.observe(log.current!);
    return () => settle.disconnect();
  }, []);

  read.current = async () => {
    if (!cursor || isReading.current) return;
    isReading.current = true;
    isLow.current = false;
    await conversation.earlier(hold);
    isReading.current = false;
    // Who is still at the beginning when the new ones stand above goes on to those before.
    setTimeout(() => isHigh.current && void read.current(), SETTLED_MS);
  };

  /** Remembers where the first message stands, so that it stays there under the earlier ones. */
  function hold(): void {
    const element = log.current!.firstElementChild;
    if (element) anchor.current = { element, top: element.getBoundingClientRect().top };
  }

  return { scroll, log, start, end, earlier: () => void read.current() };
}
