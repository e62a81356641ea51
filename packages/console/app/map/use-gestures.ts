/** Dragging with one pointer, zooming with the wheel or two fingers. */
import { useEffect, useRef } from 'preact/hooks';
import type { Point } from './placement.js';

interface Gestures {
  drag(by: Point): void;
  zoom(at: Point, factor: number): void;
}

/** A press that moves by less is a click. */
const CLICK_PIXELS = 4;

export function useGestures(frame: { readonly current: HTMLElement | null }, gestures: Gestures) {
  const latest = useRef(gestures);
  latest.current = gestures;
  const pointers = useRef(new Map<number, Point>());
  const way = useRef(0);
  useEffect(() => {
    const element = frame.current;
    // Preact's own listeners are passive, and could not keep the page from scrolling.
    const onWheel = (event: WheelEvent): void => {
      event.preventDefault();
      const pixels = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * 24 : event.deltaY;
      latest.current.zoom(within(element, event), Math.exp(-pixels * (event.ctrlKey ? 0.01 : 0.0015)));
    };
    element?.addEventListener('wheel', onWheel, { passive: false });
    return () => element?.removeEventListener('wheel', onWheel);
  }, []);
  const onPointerDown = (event: PointerEvent): void => {
    if (event.pointerType === 'mouse' && event.button !== 0) return;
    if (pointers.current.size === 0) way.current = 0;
    pointers.current.set(event.pointerId, within(frame.current, event));
  };
  const onPointerMove = (event: PointerEvent): void => {
    const before = pointers.current.get(event.pointerId);
    if (before === undefined) return;
    const now = within(frame.current, event);
    const by = { x: now.x - before.x, y: now.y - before.y };
    way.current += Math.abs(by.x) + Math.abs(by.y);
    pointers.current.set(event.pointerId, now);
    if (way.current < CLICK_PIXELS) return;
    // From here on: a press that becomes no drag must reach the node as a click.
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
    const [other] = [...pointers.current].filter(([id]) => id !== event.pointerId).map(([, point]) => point);
    if (other === undefined) latest.current.drag(by);
    else
      latest.current.zoom(
        { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 },
        distance(now, other) / Math.max(1, distance(before, other)),
      );
  };
  const onPointerUp = (event: PointerEvent): void => {
    pointers.current.delete(event.pointerId);
  };
  return { onPointerDown, onPointerMove, onPointerUp, onPointerCancel: onPointerUp, onPointerLeave: onPointerUp };
}

function within(element: HTMLElement | null, event: MouseEvent): Point {
  const { left = 0, top = 0 } = element?.getBoundingClientRect() ?? {};
  return { x: event.clientX - left, y: event.clientY - top };
}

function distance(one: Point, other: Point): number {
  return Math.hypot(one.x - other.x, one.y - other.y);
}
