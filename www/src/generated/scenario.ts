// Made by `npm run schema` from the types of crates/sim. Edit those.

/**
 * Version of the format.
 */
export type Version = number;
/**
 * A name for people.
 */
export type Name = string;
/**
 * Start of all randomness: the same seed gives the same run.
 */
export type Seed = number;
/**
 * How long requests arrive; those under way at the end are simulated until they end.
 */
export type Duration = number;
/**
 * A name, unique in the scenario.
 */
export type Name1 = string;
/**
 * When requests arrive.
 */
export type Arrivals = Constant | Poisson | OnOffBursts | Ramp | DailyCurve | RecordedTraffic | UsersWhoWaitClosedLoop;
/**
 * At equal distances.
 */
export type Constant = 'constant';
/**
 * At random and independently of one another (a Poisson process).
 */
export type Poisson = 'poisson';
/**
 * Poisson in bursts: on for a while, off for a while.
 */
export type OnOffBursts = 'on_off';
/**
 * Poisson at a rate that grows or falls evenly from the start of the run to its end.
 */
export type Ramp = 'ramp';
/**
 * Poisson at a rate that follows a day: lowest at its start, highest at its middle.
 */
export type DailyCurve = 'daily';
/**
 * As recorded in an access log, or as counts per second.
 */
export type RecordedTraffic = 'trace';
/**
 * A fixed number of users, each waiting for its answer and then thinking before it asks again.
 */
export type UsersWhoWaitClosedLoop = 'users';
/**
 * Mean rate of arrivals (of a burst while it is on; of a ramp at its start; of a day on average).
 */
export type Rate = number;
/**
 * Length of a burst.
 */
export type Burst = number;
/**
 * Pause between two bursts.
 */
export type Pause = number;
/**
 * Rate at the end of the run.
 */
export type RateAtTheEnd = number;
/**
 * Length of the simulated day.
 */
export type Day = number;
/**
 * How far the rate swings about its mean: 100 % goes down to nothing at night and up to twice the mean at noon.
 */
export type Swing = number;
/**
 * Each recorded request is sent this many times; a fraction sends some of them once more.
 */
export type RateMultiplier = number;
/**
 * Recorded time runs this many times faster.
 */
export type TimeCompression = number;
/**
 * Number of users.
 */
export type Users = number;
/**
 * Mean time (exponential) that a user thinks between an answer and the next request.
 */
export type ThinkTime = number;
/**
 * Which keys requests carry.
 */
export type Keys1 = Uniform | Zipf | OneHotKey;
/**
 * Each key as likely as the others.
 */
export type Uniform = 'uniform';
/**
 * The k-th key in proportion to 1 / k^exponent.
 */
export type Zipf = 'zipf';
/**
 * One key has a share of all requests, the rest are uniform.
 */
export type OneHotKey = 'hot_key';
/**
 * How many different keys there are.
 */
export type NumberOfKeys = number;
/**
 * Zipf's exponent; greater is more uneven.
 */
export type ZipfExponent = number;
/**
 * The hot key's share of all requests.
 */
export type HotKeySShare = number;
/**
 * Mean time of one way.
 */
export type Time = number;
/**
 * Each way is longer or shorter by up to this share, evenly spread.
 */
export type Jitter = number;
/**
 * Who sends requests.
 */
export type Clients = Client[];
/**
 * A name, unique in the scenario.
 */
export type Name2 = string;
/**
 * How the balancer picks an instance.
 */
export type Policy =
  | RoundRobin
  | SmoothWeightedRoundRobin
  | Random
  | WeightedRandom
  | LeastOutstandingRequests
  | WeightedLeastOutstandingRequests
  | PowerOfTwoChoices
  | PeakEWMA
  | RingHash
  | Maglev
  | AsInTheManual;
/**
 * Each instance in turn.
 */
export type RoundRobin = 'round_robin';
/**
 * Each in turn, in proportion to its weight and evenly interleaved.
 */
export type SmoothWeightedRoundRobin = 'smooth_weighted_round_robin';
/**
 * Any instance, each as likely as the others.
 */
export type Random = 'random';
/**
 * Any instance, likelier the greater its weight.
 */
export type WeightedRandom = 'weighted_random';
/**
 * The instance with the fewest requests under way, as the balancer counts them.
 */
export type LeastOutstandingRequests = 'least_outstanding';
/**
 * The instance with the fewest requests under way for its weight.
 */
export type WeightedLeastOutstandingRequests = 'weighted_least_outstanding';
/**
 * The less busy of a few instances drawn at random.
 */
export type PowerOfTwoChoices = 'power_of_two_choices';
/**
 * The lower of two expected waits: a latency average that jumps up at once and decays slowly, times the requests under way.
 */
export type PeakEWMA = 'peak_ewma';
/**
 * The key's next point on a ring of virtual nodes, so that a key keeps its instance.
 */
export type RingHash = 'ring_hash';
/**
 * The key's entry in a lookup table that all instances filled in turn.
 */
export type Maglev = 'maglev';
/**
 * As in the field manual: rotate over the active servers by index; one whose health drops below 50 of 100 is out for good.
 */
export type AsInTheManual = 'as_in_manual';
/**
 * How many instances are drawn, of which the least busy is taken.
 */
export type Choices = number;
/**
 * Which of several equally good instances is taken.
 */
export type Ties = ByChance | TheFirstListed;
/**
 * Any of them, by chance.
 */
export type ByChance = 'random';
/**
 * The one that comes first in the list.
 */
export type TheFirstListed = 'first';
/**
 * How weights are interleaved.
 */
export type WeightOrder = SmoothNginx | EarliestDeadlineFirstEnvoy;
/**
 * nginx's smooth weighted round robin: 5, 1, 1 gives a a b a c a a.
 */
export type SmoothNginx = 'smooth';
/**
 * Envoy's earliest deadline first: each pick moves an instance's deadline by 1 / weight.
 */
export type EarliestDeadlineFirstEnvoy = 'earliest_deadline';
/**
 * How the weight enters the count of outstanding requests.
 */
export type Weighting = RequestsPerWeightNginx | BiasedScheduleEnvoy;
/**
 * The smallest outstanding / weight, ties by smooth weighted round robin (nginx `least_conn`).
 */
export type RequestsPerWeightNginx = 'ratio';
/**
 * An earliest-deadline schedule with weight / (outstanding + 1)^bias, evaluated when an instance is queued again (Envoy).
 */
export type BiasedScheduleEnvoy = 'earliest_deadline';
/**
 * Under Envoy's weighting, how strongly requests under way lower the weight.
 */
export type ActiveRequestBias = number;
/**
 * Time in which a latency average falls to 1/e when nothing new comes in.
 */
export type DecayTime = number;
/**
 * Points on the ring for each unit of weight.
 */
export type VirtualNodes = number;
/**
 * No instance takes more than this share of the average load (1.25 is a quarter more); 0 sets no bound.
 */
export type LoadBound = number;
/**
 * Entries in the lookup table, rounded up to a prime number.
 */
export type TableSize = number;
/**
 * Which hash fills the table.
 */
export type TableHash = XxHash64Envoy | SipHash24GoMaglev;
/**
 * xxHash64 of the name with seeds 0 and 1 (Envoy).
 */
export type XxHash64Envoy = 'xxh64';
/**
 * The two halves of one SipHash-2-4 of the name (go-maglev).
 */
export type SipHash24GoMaglev = 'siphash_2_4';
/**
 * Whether the balancer asks at all.
 */
export type HealthChecks1 = boolean;
/**
 * Time between two checks of one instance.
 */
export type CheckInterval = number;
/**
 * An answer later than this counts as a failed check.
 */
export type CheckTimeout = number;
/**
 * Failed checks in a row after which a healthy instance is taken out.
 */
export type Fall = number;
/**
 * Passed checks in a row after which an unhealthy instance is brought back.
 */
export type Rise = number;
/**
 * Whether the first failed check of a new instance takes it out (HAProxy).
 */
export type SuspectNewInstances = boolean;
/**
 * Whether answers can take an instance out.
 */
export type OutlierEjection1 = boolean;
/**
 * What makes an outlier.
 */
export type Rule = FailuresInARowEnvoy | FailuresWithinATimeNginx;
/**
 * A run of failures without a success between (Envoy `consecutive_5xx`).
 */
export type FailuresInARowEnvoy = 'consecutive';
/**
 * So many failures since the first of them, within a time (nginx `max_fails` and `fail_timeout`).
 */
export type FailuresWithinATimeNginx = 'within_window';
/**
 * Failures after which the instance is ejected.
 */
export type Failures = number;
/**
 * Under «failures within a time»: the time in which they must fall.
 */
export type Window = number;
/**
 * Ejected instances are looked at this often and let back when their time is over; 0 lets them back on the moment.
 */
export type SweepInterval = number;
/**
 * The first ejection lasts this long, the k-th in a row k times as long.
 */
export type BaseEjectionTime = number;
/**
 * No ejection lasts longer than this (or than the base time, if that is longer).
 */
export type LongestEjection = number;
/**
 * At most this share of the instances is ejected at a time; one always may be.
 */
export type MostEjected = number;
/**
 * Below this share of healthy instances the balancer no longer believes its checks and uses all of them.
 */
export type PanicThreshold = number;
/**
 * In a panic, refuse instead of using all instances (Envoy `fail_traffic_on_panic`).
 */
export type RefuseInAPanic = boolean;
/**
 * Time until the full share is reached; 0 gives it at once.
 */
export type SlowStart1 = number;
/**
 * How fast the share grows: weight × (time / window)^(1 / aggression); 1 is linear.
 */
export type Aggression = number;
/**
 * The share begins here.
 */
export type LeastShare = number;
/**
 * A group keeps all of its traffic while its healthy share times this factor is at least 100 %; the rest fails over to the next group.
 */
export type Overprovisioning = number;
/**
 * How many instances there are.
 */
export type Count = number;
/**
 * The kind of distribution.
 */
export type ServiceTime1 = Constant1 | Uniform1 | Exponential | LogNormal | FastOrSlowBimodal | BoundedPareto;
/**
 * Always the same.
 */
export type Constant1 = 'constant';
/**
 * Anything between two bounds, each as likely.
 */
export type Uniform1 = 'uniform';
/**
 * Memoryless: many short, few long.
 */
export type Exponential = 'exponential';
/**
 * Skewed, with a long tail; the logarithm is normal.
 */
export type LogNormal = 'log_normal';
/**
 * Mostly fast, sometimes slow.
 */
export type FastOrSlowBimodal = 'bimodal';
/**
 * A heavy tail between two bounds.
 */
export type BoundedPareto = 'bounded_pareto';
/**
 * Mean (for the bimodal kind: of a fast request, without the slow ones).
 */
export type MeanServiceTime = number;
/**
 * Coefficient of variation: standard deviation over mean.
 */
export type Variation = number;
/**
 * Shortest time.
 */
export type Shortest = number;
/**
 * Longest time.
 */
export type Longest = number;
/**
 * Time of a slow request.
 */
export type SlowRequest = number;
/**
 * Share of slow requests.
 */
export type SlowShare = number;
/**
 * Shape of the tail; smaller is heavier.
 */
export type Shape = number;
/**
 * Requests that an instance works on at a time.
 */
export type Concurrency = number;
/**
 * Requests that wait at an instance; one more is shed.
 */
export type QueueLimit = number;
/**
 * Relative weights, in the order of the instances; those not given are 1.
 */
export type Weights = number[];
/**
 * Relative speeds, in the order of the instances; those not given are 1.
 */
export type Speeds = number[];
/**
 * Failover groups, in the order of the instances: 0 is used first. Those not given are 0.
 */
export type Priorities = number[];
/**
 * Who answers them.
 */
export type Services = Service[];
/**
 * What happens.
 */
export type Kind = Crash | SlowDown | FailRequests | FailHealthChecks | Drain | MultiplyTraffic;
/**
 * The instance is gone: what it has in hand fails, and so does what still comes.
 */
export type Crash = 'crash';
/**
 * The instance works slower by a factor, also on what it has in hand.
 */
export type SlowDown = 'slow';
/**
 * The instance answers a share of the requests with an error.
 */
export type FailRequests = 'errors';
/**
 * The instance serves, but fails its health checks.
 */
export type FailHealthChecks = 'failing_checks';
/**
 * The balancer sends no new requests to the instance; what it has in hand is finished.
 */
export type Drain = 'drain';
/**
 * The clients send a multiple of their requests.
 */
export type MultiplyTraffic = 'traffic';
/**
 * The name of an instance; of a group of clients where traffic is multiplied.
 */
export type Target = string;
/**
 * When it begins.
 */
export type From = number;
/**
 * How long it lasts; until the end where nothing is given.
 */
export type For = number | null;
/**
 * How many times slower, or how many times the traffic.
 */
export type Factor = number;
/**
 * Share of the requests that fail.
 */
export type Share = number;
/**
 * What goes wrong, and when.
 */
export type Faults = Fault[];
/**
 * Most requests that a run may have.
 */
export type MostRequests = number;
/**
 * Most events that a run may process.
 */
export type MostEvents = number;

/**
 * Who sends what to whom, for how long, and what goes wrong. Everything has a default, so `{}` is a scenario.
 */
export interface Scenario {
  version?: Version;
  name?: Name;
  seed?: Seed;
  duration_ms?: Duration;
  clients?: Clients;
  services?: Services;
  faults?: Faults;
  limits?: Limits;
}
/**
 * A group of clients: when they send requests, how many, and for which keys.
 */
export interface Client {
  name?: Name1;
  arrivals?: Arrivals;
  rate_per_s?: Rate;
  on_ms?: Burst;
  off_ms?: Pause;
  ramp_to_per_s?: RateAtTheEnd;
  day_ms?: Day;
  swing_percent?: Swing;
  trace?: RecordedTraffic1;
  multiplier?: RateMultiplier;
  compression?: TimeCompression;
  users?: Users;
  think_ms?: ThinkTime;
  keys?: Keys;
  hop?: WayToTheBalancer;
}
/**
 * Recorded traffic to replay.
 */
export interface RecordedTraffic1 {
  /**
   * Where it comes from, for people.
   */
  name?: string;
  /**
   * Pairs of (second since the first, requests in it), the seconds ascending, those without requests left out.
   */
  counts?: [unknown, unknown][];
  /**
   * One key for each request in order of time; empty where the recording has none.
   */
  keys?: number[];
}
/**
 * Which keys requests carry.
 */
export interface Keys {
  kind?: Keys1;
  count?: NumberOfKeys;
  exponent?: ZipfExponent;
  hot_percent?: HotKeySShare;
}
/**
 * The way from the client to the balancer, and back.
 */
export interface WayToTheBalancer {
  time_ms?: Time;
  jitter_percent?: Jitter;
}
/**
 * A service: a balancer over instances.
 */
export interface Service {
  name?: Name2;
  balancer?: Balancer;
  instances?: Instances;
}
/**
 * The balancer in front of the instances.
 */
export interface Balancer {
  policy?: Policy;
  choices?: Choices;
  ties?: Ties;
  weight_order?: WeightOrder;
  least_weighting?: Weighting;
  active_request_bias?: ActiveRequestBias;
  decay_ms?: DecayTime;
  virtual_nodes?: VirtualNodes;
  load_bound?: LoadBound;
  table_size?: TableSize;
  table_hash?: TableHash;
  active_checks?: HealthChecks;
  outlier_ejection?: OutlierEjection;
  panic_threshold_percent?: PanicThreshold;
  refuse_in_panic?: RefuseInAPanic;
  slow_start?: SlowStart;
  overprovisioning?: Overprovisioning;
}
/**
 * Active health checks.
 */
export interface HealthChecks {
  enabled?: HealthChecks1;
  interval_ms?: CheckInterval;
  timeout_ms?: CheckTimeout;
  fall?: Fall;
  rise?: Rise;
  suspect_new?: SuspectNewInstances;
}
/**
 * Passive outlier ejection.
 */
export interface OutlierEjection {
  enabled?: OutlierEjection1;
  rule?: Rule;
  failures?: Failures;
  window_ms?: Window;
  interval_ms?: SweepInterval;
  base_ejection_ms?: BaseEjectionTime;
  max_ejection_ms?: LongestEjection;
  max_ejected_percent?: MostEjected;
}
/**
 * Slow start.
 */
export interface SlowStart {
  window_ms?: SlowStart1;
  aggression?: Aggression;
  min_weight_percent?: LeastShare;
}
/**
 * The instances.
 */
export interface Instances {
  count?: Count;
  service_time?: ServiceTime;
  concurrency?: Concurrency;
  queue_limit?: QueueLimit;
  weights?: Weights;
  speeds?: Speeds;
  priorities?: Priorities;
  hop?: WayToTheInstances;
}
/**
 * How long the work of a request takes on an instance of speed 1.
 */
export interface ServiceTime {
  kind?: ServiceTime1;
  mean_ms?: MeanServiceTime;
  variation?: Variation;
  min_ms?: Shortest;
  max_ms?: Longest;
  slow_ms?: SlowRequest;
  slow_percent?: SlowShare;
  shape?: Shape;
}
/**
 * The way from the balancer to an instance, and back.
 */
export interface WayToTheInstances {
  time_ms?: Time;
  jitter_percent?: Jitter;
}
/**
 * Something that happens at a time, for a time, to a named thing.
 */
export interface Fault {
  kind?: Kind;
  target?: Target;
  at_ms?: From;
  for_ms?: For;
  factor?: Factor;
  percent?: Share;
}
/**
 * When to give up rather than use more memory or time.
 */
export interface Limits {
  requests?: MostRequests;
  events?: MostEvents;
}
