// The collector signs on a canvas with finger, pen or mouse. Strokes are kept as points, so that turning the tablet
// loses nothing and the picture that is sent has one size everywhere.

const WIDTH = 640; // px of the picture that is sent, at the pad's aspect ratio
const PEN = 2.5; // px, of the pad
const ENOUGH = 40; // px of ink: a dot is not a signature

/** Returns {isEmpty(), clear(), toDataURL()}; `onChange()` after every stroke and after clearing. */
export function signature(canvas, { onChange = () => {} } = {}) {
  const context = canvas.getContext("2d");
  let strokes = [];
  let current = null;

  function fit() {
    const ratio = window.devicePixelRatio || 1;
    canvas.width = canvas.clientWidth * ratio;
    canvas.height = canvas.clientHeight * ratio;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    for (const stroke of strokes) draw(context, stroke);
  }
  function point(event) {
    const box = canvas.getBoundingClientRect();
    return [event.clientX - box.left - canvas.clientLeft, event.clientY - box.top - canvas.clientTop];
  }

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || current) return;
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    current = { id: event.pointerId, points: [point(event)] };
  });
  canvas.addEventListener("pointermove", (event) => {
    if (event.pointerId !== current?.id) return;
    const moves = event.getCoalescedEvents?.() ?? [];
    for (const move of moves.length ? moves : [event]) current.points.push(point(move));
    draw(context, current.points.slice(-8));
  });
  for (const name of ["pointerup", "pointercancel"])
    canvas.addEventListener(name, (event) => {
      if (event.pointerId !== current?.id) return;
      strokes.push(current.points);
      current = null;
      onChange();
    });
  new ResizeObserver(fit).observe(canvas);
  fit();

  return {
    isEmpty: () => strokes.reduce((sum, stroke) => sum + length(stroke), 0) < ENOUGH,
    clear() {
      strokes = [];
      fit();
      onChange();
    },
    toDataURL: () => picture(strokes, canvas).toDataURL("image/png"),
  };
}

/** Through the middles of the points: smooth without waiting for the next one. */
function draw(context, points) {
  context.lineWidth = PEN;
  context.lineCap = context.lineJoin = "round";
  context.strokeStyle = getComputedStyle(document.body).color;
  context.beginPath();
  context.moveTo(...points[0]);
  for (let i = 1; i < points.length - 1; i++) {
    const [[x, y], [nextX, nextY]] = [points[i], points[i + 1]];
    context.quadraticCurveTo(x, y, (x + nextX) / 2, (y + nextY) / 2);
  }
  context.lineTo(...points.at(-1));
  context.stroke();
}

function length(points) {
  return points.slice(1).reduce((sum, [x, y], i) => sum + Math.hypot(x - points[i][0], y - points[i][1]), 0);
}

function picture(strokes, canvas) {
  const scale = WIDTH / canvas.clientWidth;
  const sheet = document.createElement("canvas");
  sheet.width = WIDTH;
  sheet.height = Math.round(canvas.clientHeight * scale);
  const context = sheet.getContext("2d");
  context.fillStyle = "#fff";
  context.fillRect(0, 0, sheet.width, sheet.height);
  context.scale(scale, scale);
  for (const stroke of strokes) draw(context, stroke);
  return sheet;
}
