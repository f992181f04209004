// The little of a page that modules without a view need: the settings of the tablet, in place of the document.

/** Let `document` hold these elements by id: {id: {dataset, textContent}}. */
export function usePage(elements) {
  globalThis.HTMLElement = class {};
  const found = Object.entries(elements).map(([id, values]) => [id, Object.assign(new HTMLElement(), values)]);
  const byId = Object.fromEntries(found);
  globalThis.document = {
    documentElement: { lang: "id" },
    getElementById: (id) => byId[id] ?? null,
    querySelectorAll: () => [],
    querySelector: () => null,
  };
}

const SETTINGS = {
  lanes: [
    { number: 1, windows: 2, kind: "mixed", site: "" },
    { number: 2, windows: 1, kind: "car", site: "" },
    { number: 3, windows: 1, kind: "motorcycle", site: "" },
    { number: 4, windows: 1, kind: "car", site: "Timur" },
  ],
  reasons: {},
  is_supervisor: false,
  lease_seconds: 30,
  max_calls: 3,
  recall_pause_seconds: 20,
  undo_seconds: 30,
  service_target_seconds: 120,
  service_target_book_seconds: 15,
};

/** A tablet at window 1 of lane 1. */
export function useTablet({ settings = {}, point = {} } = {}) {
  const dataset = { lane: "1", laneKind: "mixed", window: "1", point: "both", timezone: "Asia/Jakarta", ...point };
  usePage({
    main: { dataset },
    "lane-settings": { textContent: JSON.stringify({ ...SETTINGS, ...settings }) },
  });
}
