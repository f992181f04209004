// Shapes of the JSON that the pages receive, for the type checker only. The server's schemas are the source; this file
// names what the scripts read of them.

type Tone = "go" | "wait" | "stop" | "neutral";
type Values = Record<string, unknown>;
type CollectorClass = "self" | "family" | "proxy";
/** Fields of a refusal by their path in the request, e.g. `passports.0.identity`. */
type ErrorFields = Record<string, any>;

interface ApiError {
  code?: string;
  message?: string;
  fields?: ErrorFields;
  claim?: Claim;
  wait_s?: number;
  tries_left?: number;
}

/** A claim of a visit by an officer; `mine` when the officer of this tablet holds it. */
interface Claim {
  officer: string;
  lane: number;
  window?: number | null;
  since: string;
  until: string;
  mine?: boolean;
}

interface Announced {
  class: CollectorClass;
  name?: string;
  relation?: string;
}

interface Book {
  passport_id: number;
  pickup_id: number;
  holder_name: string;
  shelf: string;
  kind?: string;
  state: string;
  status: string;
  /** the number of its holder in this vehicle; absent in answers stored before 1.2.0 */
  holder?: number;
  identity: string;
  pick: string | null;
  locked?: boolean;
  correcting?: boolean;
  pick_lane: number | null;
  announced?: Announced | null;
  /** how its pickup came into the visit; absent in answers stored before 1.2.0 */
  found_by?: "code" | "booking_code" | "lookup" | null;
}

interface Visit {
  id: number;
  queue_no: string;
  state: string;
  kind: string;
  lane: number;
  window: number | null;
  plate_masked?: string | null;
  look?: string | null;
  priority?: string | null;
  booked_for?: string | null;
  since: string;
  opened_at: string;
  called_at?: string | null;
  served_at?: string | null;
  parked_s?: number;
  calls: number;
  claim: Claim | null;
  parked?: { at: string; forgotten_at: string } | null;
  passports: Book[];
  may_undo_until?: string | null;
}

/** A vehicle in the waiting list: counts instead of books. */
interface WaitingVisit extends Visit {
  books: number;
  picks: { at_window: number; missing: number };
  ahead_of_turn: number;
}

interface RecentVisit extends Visit {
  at: string;
  may_return: boolean;
}

/** Whether one more vehicle may enter, and if not, why and until when. */
interface Admission {
  open: boolean;
  reason: string | null;
  opens_at: string | null;
  until?: string | null;
}

interface BookAlarm {
  passport_id: number;
  queue_no: string;
  holder_name: string;
}

/** A call for a supervisor; open until `ended_at`. */
interface SupervisorCall {
  id: number;
  visit_id: number;
  queue_no: string;
  lane: number | null;
  reason: string;
  by: string;
  by_id: number;
  at: string;
  taken_by: string | null;
  taken_by_id: number | null;
  taken_at: string | null;
  decision: string | null;
  decision_reason: string | null;
  decided_by: string | null;
  ended_at: string | null;
  ended_how: string | null;
}

/** A vehicle at the side, as supervisors see it. */
interface ParkedVehicle {
  visit_id: number;
  queue_no: string;
  lane: number | null;
  look?: string | null;
  officer: string | null;
  at: string;
  forgotten_at: string;
}

/** An open call as supervisors receive it, with the books that only they may release. */
interface OpenCall extends SupervisorCall {
  kind: string;
  plate_masked?: string | null;
  look?: string | null;
  books: { passport_id: number; holder_name: string; locked: boolean; overdue: boolean }[];
}

/** Vehicles and books of one officer at one lane. */
interface Pace {
  hour: { vehicles: number; books: number };
  day: { vehicles: number; books: number };
}

/** The same as supervisors see it, with the officer and the vehicles that are served now. */
interface OfficerPace extends Pace {
  officer: string;
  service_s: number | null;
  serving: { queue_no: string; window: number | null; served_at: string; parked_s: number; books: number }[];
}

interface LanePace {
  lane: number;
  name: string;
  site: string;
  open: boolean;
  officers: OfficerPace[];
  check: { at: string; by: string; failed: string[]; untried: string[] } | null;
}

interface PaceState {
  revision: number;
  at: string;
  target_s: number;
  target_book_s: number;
  lanes: LanePace[];
}

/** The state of a lane as its tablets receive it. */
interface LaneState {
  revision: number;
  at: string;
  open: boolean;
  open_lanes: number[];
  line: Admission | null;
  closed_for?: string | null;
  here: Visit[];
  parked: Visit[];
  waiting: WaitingVisit[];
  waiting_count: number;
  recent: RecentVisit[];
  alarms?: BookAlarm[];
  supervisor_calls?: SupervisorCall[];
  pace?: Pace | null;
  screen: { state: string; age_s?: number; revision?: number | null } | null;
}

interface ScanAnswer {
  scan_id: string;
  verdict: string;
  tone: Tone;
  title: string;
  advice: string;
  texts?: Record<string, { title: string; advice: string }>;
  next: string;
  visit: Visit | null;
  pickup_id?: number | null;
  facts?: {
    at?: string;
    lane?: number;
    lanes?: number[];
    collector_class?: CollectorClass;
    since_s?: number;
    lookup?: "found" | "no_match" | "several";
    idle_s?: number;
    waits?: { lane: number; ahead: number }[];
    ahead?: number;
    ahead_nos?: string[];
    parked?: boolean;
  };
}

interface LaneSettings {
  lanes: { number: number; windows: number; kind: string; site?: string }[];
  reasons: Record<string, (string | string[])[]>;
  is_supervisor: boolean;
  directs: boolean;
  lease_seconds: number;
  max_calls: number;
  undo_seconds: number;
  recall_pause_seconds: number;
  service_target_seconds: number;
  service_target_book_seconds: number;
}

interface WindowSettings extends LaneSettings {
  checklists: Record<string, string[]>;
  signature_required: boolean;
  may_be_unsigned: boolean;
  evidence_at_once: boolean;
}

interface HandoverBody {
  key: string;
  visit_id: number;
  passports: {
    passport_id: number;
    book: string | null;
    identity: object | null;
    class?: CollectorClass;
    shown?: string[];
  }[];
  collector: {
    class: CollectorClass;
    shown: string[];
    name?: string;
    document?: string;
    document_last4?: string | null;
  };
  signature?: string;
  signed_text?: string;
  unsigned_reason?: string;
}

interface RowDraft {
  proof: string;
  identity: string;
  document: string;
  book: string;
  matched: string[];
  missed?: string[];
  triesLeft?: number | null;
}

/** `own`: the holder who is the collector; `chosen`: classes by passport id. */
interface CapacitiesDraft {
  own: number | null;
  chosen: Record<string, CollectorClass>;
}

interface CollectorDraft {
  capacities?: CapacitiesDraft;
  class: CollectorClass | null;
  shown: string[];
  name: string;
  document: string;
  document_last4: string;
}

/** Who has collected books of the visit before. `holder`: whose own book was among them; `at` in ms. */
interface EarlierCollector {
  at: number;
  class: CollectorClass;
  holder: number | null;
  name: string;
  document: string;
  document_last4: string;
  shown: string[];
}

interface SignatureDraft {
  reason: string | null;
  picture: string | null;
  text?: string | null;
}

/** An unfinished form of this tab: `chosen` are the books in it, `leftOut` those of them that stay behind, `known` all of the visit then, `rows` by passport id, `at` in ms. */
interface FormDraft {
  at: number;
  isOpen: boolean;
  chosen: number[];
  leftOut?: number[];
  known?: number[];
  collector: CollectorDraft;
  rows: Record<string, RowDraft>;
  signature: SignatureDraft;
}

/** A handover that was sent and not answered yet; `since` in ms. */
interface PendingSubmission {
  staff: number;
  visit: Visit;
  body: HandoverBody;
  since: number;
}

interface HandoverRecord {
  key: string;
  visit: Visit;
  handovers: { id: number; number: number; passport_id: number; at: string }[];
}

/** A call of the signboard. */
interface Call {
  id: number;
  queue_no: string;
  lane: number;
  window: number | null;
  at: string;
}

interface BoardVisit {
  queue_no: string;
  state: string;
  window: number | null;
  since: string;
}

interface BoardLane {
  number: number;
  test?: boolean;
  kind: string;
  open: boolean;
  windows: number;
  visits: BoardVisit[];
}

interface BoardState {
  revision: number;
  at: string;
  open: boolean;
  quiet?: boolean;
  line: Admission;
  lanes: BoardLane[];
  next: { queue_no: string }[];
  parked: { queue_no: string }[];
  announcements: Call[];
  standing: Call[];
  message: string;
}

interface ScreenSettings {
  lane: number | null;
  site: string | null;
  speaks: boolean;
  volume: number;
  tested_at?: string | null;
}

/** A book on its way between shelf and window. */
interface PickBook extends Book {
  pick_by: string;
  pick_staff_id: number | null;
  queue_no?: string;
  since: string;
}

interface PickVisit {
  visit_id: number | null;
  pickup_id: number;
  queue_no: string;
  state: string;
  is_parked?: boolean;
  lane: number | null;
  window: number | null;
  arrival?: string | null;
  booked_for?: string | null;
  since: string;
  books: PickBook[];
}

interface DeskState {
  revision: number;
  at: string;
  picks: PickVisit[];
  walk: number[];
  returns: PickBook[];
  missing: PickBook[];
}

interface FoundBook {
  passport_id: number;
  application_no: string;
  holder_name: string;
  shelf: string;
  status: string;
  deadline: string;
}

interface Arrival {
  kind: string;
  until: string;
}

/** The visit as the applicant's page receives it. */
interface PickupVisit {
  state: string;
  parked: boolean;
  queue_no: string;
  lane: number | null;
  window: number | null;
  call: string | number | null;
  position: number | null;
  wait: Values | null;
}

interface PickupState {
  revision: number;
  at: string;
  books: { state: string }[];
  visit: PickupVisit | null;
  line: Admission;
  arrival: Arrival | null;
}
