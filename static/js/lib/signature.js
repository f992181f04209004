// The collector signs with finger, pen or mouse. Drawing and smoothing are signature_pad's; here strokes are kept in parts
// of the pad (0..1), so that a turned tablet loses nothing and the picture that is sent has one size everywhere.

import SignaturePad from "../../vendor/signature_pad/signature_pad.min.js";
import { PenGuard } from "./pen-guard.js";

const WIDTH = 640; // px of the picture that is sent, at the pad's aspect ratio
const PEN = { minWidth: 0.7, maxWidth: 1.7 }; // px of radius: fast strokes are thin, slow ones thick
const MIN_DISTANCE = 2; // px between two points of a stroke
const ENOUGH_INK = 40; // px: a dot is not a signature
const LATER_EVENTS = ["pointermove", "pointerup", "pointercancel"];
const LEAVING = ["blur", "pagehide"]; // a stroke under way may get no end

/** @typedef {{x: number, y: number, pressure: number, time: number}} Point */
/** @typedef {{points: Point[], minWidth: number, maxWidth: number, ink?: number}} Stroke `ink`: its length in px as it was drawn */
/** @typedef {{left: number, top: number, width: number, height: number, ratio?: number}} Size of the pad inside its border, in px */

export class Signature {
  #canvas;
  #pad;
  #onChange;
  #guard = new PenGuard();
  #isDropping = false;
  /** @type {AbortController | null} while a pointer writes */
  #following = null;
  /** @type {Stroke[]} in parts of the pad */
  #strokes = [];
  #finished = 0; // of the strokes: those before the one under way, which a resized pad keeps as well
  /** @type {Size} */
  #size = { left: 0, top: 0, width: 0, height: 0 };

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {{onChange?: () => void}} [options] `onChange` after every stroke and after clearing
   */
  constructor(canvas, { onChange = () => {} } = {}) {
    this.#canvas = canvas;
    this.#onChange = onChange;
    canvas.addEventListener("pointerdown", (event) => this.#judge(event), { capture: true });
    this.#pad = new SignaturePad(canvas, { ...PEN, minDistance: MIN_DISTANCE, throttle: 0, penColor: inkColor() });
    this.#pad.addEventListener("endStroke", () => {
      if (this.#isDropping) return;
      this.#keep();
      onChange();
    });
    new ResizeObserver(() => this.#fit()).observe(canvas);
    this.#fit();
  }

  isEmpty() {
    return this.#strokes.reduce((sum, { ink = 0 }) => sum + ink, 0) < ENOUGH_INK; // also on a pad that became smaller
  }

  clear() {
    this.#guard.forget();
    this.#strokes = [];
    this.#finished = 0;
    this.#draw();
    this.#onChange();
  }

  /** The signature as a PNG in a data URL, dark on white. */
  toDataURL() {
    const scale = WIDTH / this.#size.width;
    const sheet = document.createElement("canvas");
    sheet.width = WIDTH;
    sheet.height = Math.round(this.#size.height * scale);
    const pad = new SignaturePad(sheet, { backgroundColor: "#fff" });
    pad.off();
    const strokes = scaled(this.#strokes, { left: 0, top: 0, width: sheet.width, height: sheet.height });
    pad.fromData(strokes.map((stroke) => ({ ...stroke, ...thicker(stroke, scale) })));
    return sheet.toDataURL("image/png");
  }

  /**
   * Keep a pointer that must not write from the pad, and drop the trace of one that did not mean to.
   * @param {PointerEvent} event
   */
  #judge(event) {
    const verdict = this.#guard.judge(event);
    if (verdict === "ignore" || verdict === "drop") event.stopImmediatePropagation();
    if (verdict === "take over" || verdict === "drop") this.#dropStroke();
    if (verdict === "go on") this.#endStroke();
    if (event.type === "pointerdown" && verdict !== "ignore") this.#finished = this.#strokes.length;
    if (this.#guard.isWriting) this.#follow();
    else this.#unfollow();
  }

  /** Hear how the stroke under way goes on. The pad of a form that was closed listens to nothing. */
  #follow() {
    if (this.#following) return;
    this.#following = new AbortController();
    const { signal } = this.#following;
    const judge = (/** @type {Event} */ event) => this.#judge(/** @type {PointerEvent} */ (event));
    const leave = () => this.#leave();
    for (const type of LATER_EVENTS) addEventListener(type, judge, { capture: true, signal });
    for (const type of LEAVING) addEventListener(type, leave, { signal });
    document.addEventListener("visibilitychange", leave, { signal });
  }

  #unfollow() {
    this.#following?.abort();
    this.#following = null;
  }

  /** The page is left in the middle of a stroke: what was drawn stays, and the next finger may write. */
  #leave() {
    this.#guard.lift();
    this.#unfollow();
    this.#endStroke();
  }

  #endStroke() {
    this.#keep();
    this.#draw();
    this.#onChange();
  }

  /** Draw the finished strokes without the one under way. */
  #dropStroke() {
    this.#strokes.length = this.#finished;
    this.#isDropping = true;
    this.#draw();
    this.#isDropping = false;
    this.#onChange();
  }

  /** Take over what was drawn, measured at the size that the pad had then. */
  #keep() {
    const strokes = this.#pad.toData().map((stroke) => ({ ink: length(stroke.points), ...stroke }));
    this.#strokes = inParts(strokes, this.#size);
  }

  /** Give the canvas the resolution of the device. That empties a canvas, so the strokes are drawn again. */
  #fit() {
    const { clientLeft: left, clientTop: top, clientWidth: width, clientHeight: height } = this.#canvas;
    if (!width || !height) return; // not shown
    const size = { left, top, width, height, ratio: window.devicePixelRatio || 1 };
    if (JSON.stringify(size) === JSON.stringify(this.#size)) return; // an observer's first word: no stroke ends for it
    if (this.#size.width) this.#keep(); // also of a stroke under way
    this.#size = size;
    this.#draw();
    if (this.#guard.isWriting) this.#onChange(); // the stroke has ended here, and the pad will not say so
  }

  #draw() {
    const { left, top, width, height, ratio = 1 } = this.#size;
    this.#canvas.width = width * ratio;
    this.#canvas.height = height * ratio;
    // signature_pad counts from the outer edge of the border.
    this.#canvas.getContext("2d")?.setTransform(ratio, 0, 0, ratio, -left * ratio, -top * ratio);
    this.#pad.off(); // ends a stroke under way: the pad would wait for its pointer for ever after fromData()
    this.#pad.fromData(scaled(this.#strokes, this.#size));
    this.#pad.on();
  }
}

const inkColor = () => getComputedStyle(document.body).color;

/**
 * Strokes in px of the pad -> in parts of it.
 * @param {Stroke[]} strokes
 * @param {Size} size
 */
function inParts(strokes, { left, top, width, height }) {
  return moved(strokes, (x, y) => [(x - left) / width, (y - top) / height]);
}

/**
 * Strokes in parts of the pad -> in px of this size.
 * @param {Stroke[]} strokes
 * @param {Size} size
 */
function scaled(strokes, { left, top, width, height }) {
  return moved(strokes, (x, y) => [x * width + left, y * height + top]);
}

/**
 * @param {Stroke[]} strokes
 * @param {(x: number, y: number) => [number, number]} to
 * @returns {Stroke[]}
 */
function moved(strokes, to) {
  return strokes.map((stroke) => ({
    ...stroke,
    points: stroke.points.map((point) => {
      const [x, y] = to(point.x, point.y);
      return { ...point, x, y };
    }),
  }));
}

/**
 * @param {Stroke} stroke
 * @param {number} scale
 */
function thicker({ minWidth, maxWidth }, scale) {
  return { minWidth: minWidth * scale, maxWidth: maxWidth * scale };
}

/** @param {Point[]} points */
function length(points) {
  return points.slice(1).reduce((sum, { x, y }, i) => sum + Math.hypot(x - points[i].x, y - points[i].y), 0);
}
