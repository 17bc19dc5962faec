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
export type Keys1 = Uniform | Zipf | OneHotKey | AHotRange;
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
 * The keys with the highest numbers, neighbours where keys are ordered, have a share of all requests.
 */
export type AHotRange = 'hot_range';
/**
 * How many different keys there are.
 */
export type NumberOfKeys = number;
/**
 * Zipf's exponent; greater is more uneven.
 */
export type ZipfExponent = number;
/**
 * The share of all requests that the hot key has, or the hot range.
 */
export type HotShare = number;
/**
 * How much of the keys the hot range is.
 */
export type HotRange = number;
/**
 * Share of the requests that are commands, which write. The rest are queries, which read.
 */
export type Commands = number;
/**
 * Share of the queries that ask all shards of a store.
 */
export type QueriesOfAllShards = number;
/**
 * Mean time of one way.
 */
export type Time = number;
/**
 * Each way is longer or shorter by up to this share, evenly spread.
 */
export type Jitter = number;
/**
 * The service called, by name; nothing stands for the first.
 */
export type To = string;
/**
 * Of a client's calls each request makes one, in proportion to these; of a service's calls a request makes each with this probability, one after another, while its slot stays taken.
 */
export type Share = number;
/**
 * An attempt without an answer by then is given up; 0 waits for ever.
 */
export type Timeout = number;
/**
 * Whether giving an attempt up also ends its work; otherwise the instance goes on with it for nobody.
 */
export type CancelTheWork = boolean;
/**
 * Attempts in all; 1 never tries again.
 */
export type Attempts = number;
/**
 * How the delay grows from attempt to attempt.
 */
export type Backoff = Constant1 | Linear | Exponential;
/**
 * Always the base delay.
 */
export type Constant1 = 'constant';
/**
 * The base delay times the number of attempts that failed.
 */
export type Linear = 'linear';
/**
 * The base delay, times the factor for each further attempt that failed.
 */
export type Exponential = 'exponential';
/**
 * The delay before the first retry.
 */
export type BaseDelay = number;
/**
 * Under exponential backoff, each delay is this many times the one before.
 */
export type Factor = number;
/**
 * No delay is longer than this, not even the base delay.
 */
export type LongestDelay = number;
/**
 * How chance spreads the delays.
 */
export type Jitter1 = None | Full | Decorrelated;
/**
 * Not at all.
 */
export type None = 'none';
/**
 * Anywhere between 0 and the delay («full jitter», Brooker).
 */
export type Full = 'full';
/**
 * Anywhere between the base delay and three times the delay before, whatever the backoff («decorrelated jitter», Brooker).
 */
export type Decorrelated = 'decorrelated';
/**
 * Whether a budget bounds the retries of all requests together.
 */
export type RetryBudget = boolean;
/**
 * The share of the requests that may be retried.
 */
export type Budget = number;
/**
 * Retries allowed whatever the traffic, on an average over the window; they may be spent all at once.
 */
export type Reserve = number;
/**
 * Requests and retries are forgotten after this time.
 */
export type Window = number;
/**
 * Whether a retry avoids the instances that were tried before, as long as there is another.
 */
export type RetryElsewhere = boolean;
/**
 * Whether there is a breaker.
 */
export type CircuitBreaker1 = boolean;
/**
 * What one breaker watches.
 */
export type Watches = TheCall | EachInstance;
/**
 * The call as a whole: whatever fails behind it counts together.
 */
export type TheCall = 'call';
/**
 * One breaker for each instance, shard or side, kept where it is chosen: an instance whose breaker is open is passed over.
 */
export type EachInstance = 'instance';
/**
 * What makes it open.
 */
export type OpensOn = FailuresInARow | FailuresInTheWindow | FailureRate;
/**
 * So many failures without a success between.
 */
export type FailuresInARow = 'consecutive';
/**
 * So many failures in the window.
 */
export type FailuresInTheWindow = 'failures';
/**
 * Such a share of the calls in the window, once there are enough of them.
 */
export type FailureRate = 'failure_rate';
/**
 * So many failures open it.
 */
export type Failures = number;
/**
 * Such a share of failures opens it.
 */
export type FailureRate1 = number;
/**
 * No rate is looked at before so many calls are in the window (or all that the window holds, if that is fewer).
 */
export type MinimumCalls = number;
/**
 * Which past calls count.
 */
export type Window1 = TheLastCalls | TheLastStretchOfTime | AllSinceItClosed;
/**
 * The last so many calls.
 */
export type TheLastCalls = 'calls';
/**
 * The calls of the last stretch of time, in buckets.
 */
export type TheLastStretchOfTime = 'time';
/**
 * All since the breaker closed.
 */
export type AllSinceItClosed = 'unlimited';
/**
 * The last so many calls.
 */
export type WindowSize = number;
/**
 * The last stretch of time.
 */
export type WindowLength = number;
/**
 * The window moves on by one bucket at a time.
 */
export type Buckets = number;
/**
 * Where the buckets begin.
 */
export type BucketsBegin = ByTheClock | SinceItClosed | WithTheFirstCall;
/**
 * At whole multiples of their width since the beginning of time (resilience4j, failsafe-go).
 */
export type ByTheClock = 'clock';
/**
 * At whole multiples of their width since the breaker closed; a single bucket is a window that is emptied by
 * the first call after its end, and calls from before say nothing any more (gobreaker).
 */
export type SinceItClosed = 'closing';
/**
 * With the first call after the last one's end (Polly).
 */
export type WithTheFirstCall = 'first_call';
/**
 * When that which is too old leaves the window.
 */
export type OldCallsLeave = OnTime | WithTheNextCallRecorded;
/**
 * When its time is over, whoever looks.
 */
export type OnTime = 'on_time';
/**
 * When the next call is recorded: until then it is still seen (failsafe-go).
 */
export type WithTheNextCallRecorded = 'on_record';
/**
 * From when on a call counts.
 */
export type CallsCountFrom = ItsAnswer | ItsAdmission;
/**
 * From its answer: calls under way are no part of the rate.
 */
export type ItsAnswer = 'answer';
/**
 * From its admission: calls under way are part of the rate, and an answer counts in the bucket in which its call began (gobreaker). In a window of calls this is the same as from its answer.
 */
export type ItsAdmission = 'admission';
/**
 * After which answers the rule is looked at.
 */
export type JudgedAfter = EveryAnswer | FailuresOnly;
/**
 * After each: a success too can complete the minimum of calls (resilience4j, failsafe-go).
 */
export type EveryAnswer = 'every_answer';
/**
 * After failures only, and calls slow enough to count as such (gobreaker, Polly).
 */
export type FailuresOnly = 'failures';
/**
 * How a rate is compared with its threshold.
 */
export type RatesAre = Exact | WholePercent;
/**
 * As the fraction it is.
 */
export type Exact = 'exact';
/**
 * Rounded to whole percent, halves up (failsafe-go).
 */
export type WholePercent = 'whole_percent';
/**
 * Whether slow calls can open it too, even if they succeed.
 */
export type SlowCalls = boolean;
/**
 * A call that takes longer than this is slow.
 */
export type SlowFrom = number;
/**
 * Such a share of slow calls opens it, once there is the minimum of calls.
 */
export type SlowRate = number;
/**
 * Open for this long.
 */
export type Wait = number;
/**
 * Each time it opens again without having closed, the wait is so many times the last one, rounded down to the millisecond; 1 keeps it constant.
 */
export type WaitGrows = number;
/**
 * No wait grows beyond this (or beyond the first, if that is longer).
 */
export type LongestWait = number;
/**
 * Whether the end of the wait is part of it.
 */
export type Over = AtItsEnd | AfterItsEnd;
/**
 * A call at the very end is let through (Polly, failsafe-go).
 */
export type AtItsEnd = 'at';
/**
 * Only one strictly later is (resilience4j, gobreaker, the manual).
 */
export type AfterItsEnd = 'after';
/**
 * What makes it half-open when the wait is over.
 */
export type HalfOpen = ByItself | WithTheNextCall;
/**
 * Time alone, so that whoever looks sees it half-open (gobreaker, Polly).
 */
export type ByItself = 'on_time';
/**
 * The next call (resilience4j, failsafe-go, the manual).
 */
export type WithTheNextCall = 'on_call';
/**
 * What follows on the wait.
 */
export type AfterTheWait = HalfOpen1 | Closed;
/**
 * Trial calls.
 */
export type HalfOpen1 = 'half_open';
/**
 * Everything is let through at once (the manual).
 */
export type Closed = 'closed';
/**
 * Trial calls.
 */
export type TrialCalls = number;
/**
 * What limits them.
 */
export type TrialsAreLimitedTo = SoManyInAll | SoManyAtATime | OneForEachWait;
/**
 * So many in all; one that is ignored gives its place back (resilience4j, gobreaker).
 */
export type SoManyInAll = 'in_all';
/**
 * So many at a time; each that is answered gives its place back (failsafe-go).
 */
export type SoManyAtATime = 'at_a_time';
/**
 * One for each wait, whether the one before was answered or not (Polly).
 */
export type OneForEachWait = 'one_per_wait';
/**
 * What decides on closing or opening again.
 */
export type DecidedBy = EnoughSuccesses | Rates;
/**
 * So many successes close it; as soon as they can't be reached any more, it opens.
 */
export type EnoughSuccesses = 'successes';
/**
 * The same rates and minimum as when closed, over the trial calls (resilience4j).
 */
export type Rates = 'rates';
/**
 * So many successes among the trial calls close it.
 */
export type SuccessesToClose = number;
/**
 * If half-open for this long without a decision, it opens again; 0 sets no limit.
 */
export type LongestHalfOpen = number;
/**
 * Whether the trial call that closes it is the first in the new window (Polly).
 */
export type LastTrialCounts = boolean;
/**
 * What happens to the answers of calls from before the last change of state.
 */
export type LateAnswers = Ignored | Counted;
/**
 * Nothing: it speaks of another time (gobreaker).
 */
export type Ignored = 'ignored';
/**
 * It counts as if it had just been asked for (resilience4j, failsafe-go, Polly, the manual).
 */
export type Counted = 'counted';
/**
 * Whether a late failure that fulfils the rule starts the wait again (the manual).
 */
export type LateFailuresProlong = boolean;
/**
 * Whether an open breaker keeps its window, so that one sees what opened it.
 */
export type WindowKeptWhenOpen = boolean;
/**
 * Whether a command to enter the state it is in begins that state anew (resilience4j), or does nothing.
 */
export type CommandsRenew = boolean;
/**
 * Whether commands without a use are refused: half-open when nothing is wrong, open when only measuring (resilience4j).
 */
export type StrictCommands = boolean;
/**
 * Whether there is a bulkhead.
 */
export type Bulkhead1 = boolean;
/**
 * Calls at a time; with an adaptive limit, the most it may grow to. 0 lets nobody in.
 */
export type Slots = number;
/**
 * Calls that may wait for a slot, in the order of their coming; 0 refuses at once when all slots are taken.
 */
export type WaitingPlaces = number;
/**
 * A call waits less than this for its slot; 0 refuses at once, empty lets it wait as long as it takes.
 */
export type LongestWait1 = number | null;
/**
 * Where the limit of calls at a time comes from.
 */
export type Limit = Fixed | AIMD | Gradient2;
/**
 * As many as there are slots.
 */
export type Fixed = 'fixed';
/**
 * Grows by a constant while calls go well, shrinks by a factor when one is dropped or late (Chiu and Jain).
 */
export type AIMD = 'aimd';
/**
 * Follows the ratio of long-run to present latency (Netflix).
 */
export type Gradient2 = 'gradient2';
/**
 * An adaptive limit begins here.
 */
export type LimitAtFirst = number;
/**
 * An adaptive limit doesn't fall below this (or the slots, if they are fewer).
 */
export type LeastLimit = number;
/**
 * The limit grows by this much for a round of as many calls that go well; one that came in while less than half of it was in use adds nothing.
 */
export type Increase = number;
/**
 * The limit is multiplied by this when a call is dropped or late, once for the calls of one round.
 */
export type BackOff = number;
/**
 * A call that takes longer than this counts as dropped.
 */
export type LateAfter = number;
/**
 * The average latency over this time (and over ten calls at least) is one sample.
 */
export type Sample = number;
/**
 * Samples over which the long-run latency is averaged.
 */
export type LongRun = number;
/**
 * The limit isn't lowered before the latency is this many times the long-run one.
 */
export type Tolerance = number;
/**
 * How much the aim of one sample moves the limit; 1 takes it on at once.
 */
export type Smoothing = number;
/**
 * Calls allowed to queue behind the limit; what makes it grow while the latency stays.
 */
export type QueueAllowed = number;
/**
 * Whom its requests call, and how.
 */
export type Calls = Call[];
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
export type Rule1 = FailuresInARowEnvoy | FailuresWithinATimeNginx;
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
export type Failures1 = number;
/**
 * Under «failures within a time»: the time in which they must fall.
 */
export type Window2 = number;
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
export type ServiceTime1 = Constant2 | Uniform1 | Exponential1 | LogNormal | FastOrSlowBimodal | BoundedPareto;
/**
 * Always the same.
 */
export type Constant2 = 'constant';
/**
 * Anything between two bounds, each as likely.
 */
export type Uniform1 = 'uniform';
/**
 * Memoryless: many short, few long.
 */
export type Exponential1 = 'exponential';
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
 * Whom an instance calls for each request, when its own work is done.
 */
export type Calls1 = Call[];
/**
 * Who answers them.
 */
export type Services = Service[];
/**
 * A name, unique in the scenario.
 */
export type Name3 = string;
/**
 * How a key finds its shard.
 */
export type Placement = HashModulo | Ring | Jump | Rendezvous | Maglev1 | HashSlots | Ranges | Directory;
/**
 * The hash of the key modulo the number of shards.
 */
export type HashModulo = 'hash_modulo';
/**
 * The next of the shards' points on a ring.
 */
export type Ring = 'ring';
/**
 * The last jump of a sequence that the hash begins, before it leaves the shards behind (Lamping and Veach).
 */
export type Jump = 'jump';
/**
 * The shard whose score with this key is the highest (Thaler and Ravishankar).
 */
export type Rendezvous = 'rendezvous';
/**
 * The key's entry in a lookup table that all shards filled in turn (Maglev).
 */
export type Maglev1 = 'maglev';
/**
 * The slot that the CRC-16 of the key, or of its hash tag, gives (Redis Cluster); slots are dealt out to shards.
 */
export type HashSlots = 'slots';
/**
 * The range of ordered keys in which the key lies.
 */
export type Ranges = 'range';
/**
 * What a directory says of this key.
 */
export type Directory = 'directory';
/**
 * The hash of a key. Slots have CRC-16 and ranges none.
 */
export type Hash =
  FNV1A | FNV1A32Bits | XxHash64 | Murmur3 | Murmur3Cassandra | SipHash24 | CRC16 | MD532BitsKetama | TheNumberItself;
/**
 * FNV-1a, 64 bits.
 */
export type FNV1A = 'fnv1a_64';
/**
 * FNV-1a, 32 bits.
 */
export type FNV1A32Bits = 'fnv1a_32';
/**
 * xxHash64 with seed 0.
 */
export type XxHash64 = 'xxh64';
/**
 * The first half of MurmurHash3 x64 128 with seed 0.
 */
export type Murmur3 = 'murmur3';
/**
 * Cassandra's token, whose 64 bits are read as a signed number there.
 */
export type Murmur3Cassandra = 'murmur3_cassandra';
/**
 * SipHash-2-4 under the key 0.
 */
export type SipHash24 = 'siphash_2_4';
/**
 * CRC-16/XMODEM: 65 536 values.
 */
export type CRC16 = 'crc16';
/**
 * The first four bytes of MD5, little-endian (ketama).
 */
export type MD532BitsKetama = 'md5';
/**
 * The number that the key spells, as Python hashes a whole number; what spells none is hashed by FNV-1a. Neighbours stay neighbours.
 */
export type TheNumberItself = 'whole_number';
/**
 * Whose ring it is.
 */
export type Ring1 = ByWeightEnvoy | KetamaSpymemcached | KetamaLibmemcached;
/**
 * xxHash64 of `name_0`, `name_1`, …, so many for each unit of weight (Envoy).
 */
export type ByWeightEnvoy = 'per_weight';
/**
 * Four points in each MD5 of `name-0` to `name-39` (spymemcached); unequal weights share them out as libmemcached does.
 */
export type KetamaSpymemcached = 'spymemcached';
/**
 * Four points in each MD5, of which a shard has its part of 40 for each shard, rounded down; the name goes without the port 11211 (libmemcached, weighted ketama).
 */
export type KetamaLibmemcached = 'libmemcached';
/**
 * Points on the ring for each unit of weight; a ketama ring has 160 for a shard.
 */
export type VirtualNodes1 = number;
/**
 * Entries in the lookup table, rounded up to a prime number.
 */
export type TableSize1 = number;
/**
 * Which hash fills the table.
 */
export type TableHash1 = XxHash64Envoy | SipHash24GoMaglev;
/**
 * Hash slots; Redis Cluster has 16 384.
 */
export type Slots1 = number;
/**
 * The keys at which the second range and those after it begin; ranges are dealt out to the shards in turn. Without any there is one for each shard, evenly over what begins with a digit or a lower-case letter.
 */
export type Bounds = string[];
/**
 * What is evened out over the ranges.
 */
export type SplitBy = Size1 | Load;
/**
 * Keys.
 */
export type Size1 = 'size';
/**
 * Reads and writes.
 */
export type Load = 'load';
/**
 * A range with more than so many keys (or reads and writes) is due to be split; 0 never.
 */
export type SplitAbove = number;
/**
 * Where the directory sends keys that it doesn't list.
 */
export type UnlistedKeys = ByRendezvous | ToTheFirstShard;
/**
 * By rendezvous hashing, so that a change of map moves few.
 */
export type ByRendezvous = 'rendezvous';
/**
 * To the first shard.
 */
export type ToTheFirstShard = 'first';
/**
 * Who reads and writes a key while it moves.
 */
export type OnTheMove = OldOwnerUntilDone | BothWritten;
/**
 * The old owner until the move is done; what is written meanwhile is sent after.
 */
export type OldOwnerUntilDone = 'old_owner';
/**
 * The old owner is read; both are written from the start of the move, so nothing is sent after.
 */
export type BothWritten = 'both_written';
/**
 * Copies of each shard, the primary among them.
 */
export type Copies = number;
/**
 * When the copies get a write.
 */
export type Replication = Synchronous | Asynchronous;
/**
 * Before it is answered: no copy is ever behind.
 */
export type Synchronous = 'synchronous';
/**
 * Later, in order: a copy that isn't the primary may be behind.
 */
export type Asynchronous = 'asynchronous';
/**
 * Which copy answers a read.
 */
export type ReadPreference = Primary | AnyCopy | NearestCopy;
/**
 * The one that takes the writes: never stale.
 */
export type Primary = 'primary';
/**
 * Any copy; stale by what that copy has yet to apply.
 */
export type AnyCopy = 'any';
/**
 * The copy that costs the caller least; stale for as long as that one is behind, on every read.
 */
export type NearestCopy = 'nearest';
/**
 * How a hot key's sub-keys are read.
 */
export type HotKeys = WriteOneReadAll | WriteAllReadOne;
/**
 * A write goes to one sub-key in turn; a read asks all of them and takes the latest. For keys that are written hard.
 */
export type WriteOneReadAll = 'gather';
/**
 * A write goes to all sub-keys; a read asks any one. For keys that are read hard.
 */
export type WriteAllReadOne = 'pick';
/**
 * How many shards there are at the start.
 */
export type Shards1 = number;
/**
 * Reads and writes that a shard works on at a time.
 */
export type Concurrency1 = number;
/**
 * Requests that wait at a shard; one more is shed.
 */
export type QueueLimit1 = number;
/**
 * Relative weights, in the order of the shards; those not given are 1. Hash modulo and jump know no weights.
 */
export type Weights1 = number[];
/**
 * Relative speeds, in the order of the shards; those not given are 1.
 */
export type Speeds1 = number[];
/**
 * How many moves are under way at a time. What moves at a time is a key, a hash slot, or a part of a range.
 */
export type MovesAtATime = number;
/**
 * How long it takes to move a key.
 */
export type TimePerKey = number;
/**
 * How much longer a shard takes for its other work while it sends or gets keys.
 */
export type LoadOfMoving = number;
/**
 * How often ranges are looked at: those that hold too much are split, and all are dealt out again.
 */
export type LookAtRangesEvery = number;
/**
 * How many keys are stored at the start: those with the lowest numbers.
 */
export type KeysAtTheStart = number;
/**
 * What stands before the number of a key: the 18th is «soldier_17».
 */
export type KeysBeginWith = string;
/**
 * Numbers of keys that are spread over sub-keys because they are hot.
 */
export type SaltedKeys = number[];
/**
 * Sub-keys of each salted key.
 */
export type SubKeys = number;
/**
 * How many shards must have answered a query of all shards.
 */
export type AQueryOfAllShardsNeeds = AllShards | MoreThanHalf | TheFirst;
/**
 * All: the query takes as long as the slowest.
 */
export type AllShards = 'all';
/**
 * More than half.
 */
export type MoreThanHalf = 'quorum';
/**
 * The first that answers.
 */
export type TheFirst = 'first';
/**
 * How long a copy takes to apply a write, where copies follow later.
 */
export type ReplicationLag = number;
/**
 * How far each copy is, relative to the way to a shard: the primary first. Those not given are 1.
 */
export type WaysOfTheCopies = number[];
/**
 * Who keeps what is written.
 */
export type Stores = Store[];
/**
 * A name, unique in the scenario.
 */
export type Name4 = string;
/**
 * Whether both sides have a model of their own.
 */
export type Models = TwoModels | OneSharedModel;
/**
 * Commands are written to a log, and queries are answered from read models made of it.
 */
export type TwoModels = 'apart';
/**
 * Both use one model: nothing is ever behind, and they stand in each other's way.
 */
export type OneSharedModel = 'shared';
/**
 * How many soldiers there are; a request's key is a soldier's number.
 */
export type Soldiers = number;
/**
 * How many companies there are.
 */
export type Companies = number;
/**
 * How many of the soldiers are in a company at the start.
 */
export type AssignedAtTheStart = number;
/**
 * Whether a command is checked against the state of what it concerns.
 */
export type Validated = boolean;
/**
 * After a conflict with another writer the command is decided anew on the newer state, at most so often.
 */
export type TriesAfterAConflict = number;
/**
 * A snapshot of the state is kept after so many events of a stream; 0 keeps none.
 */
export type SnapshotEvery = number;
/**
 * Commands that are worked on at a time; of a shared model, commands and queries.
 */
export type Concurrency2 = number;
/**
 * Requests that wait; one more is shed.
 */
export type QueueLimit2 = number;
/**
 * Whether a command locks the model: while it is worked on, nothing else is.
 */
export type CommandsLock = boolean;
/**
 * What it answers.
 */
export type Answers = ByPerson | ByCompany | Strength;
/**
 * In which company a soldier is.
 */
export type ByPerson = 'by_person';
/**
 * Who is in a company.
 */
export type ByCompany = 'by_company';
/**
 * How many are in a company.
 */
export type Strength = 'strength';
/**
 * How it learns of what was written.
 */
export type Delivery = InTheSameStep | Afterwards | ByHand;
/**
 * In the same step as the append: never behind, and the write waits for it.
 */
export type InTheSameStep = 'inline';
/**
 * Afterwards, event by event, as deliveries come.
 */
export type Afterwards = 'asynchronous';
/**
 * Not at all: somebody writes the read model by hand.
 */
export type ByHand = 'by_hand';
/**
 * What holds when an event is delivered twice, or the projection goes down.
 */
export type Guarantee = ExactlyOnceInEffect | AtLeastOnce;
/**
 * The position is stored together with the effect, so that each event takes effect once.
 */
export type ExactlyOnceInEffect = 'exactly_once';
/**
 * The position is stored now and then, after the effect: what lies between is applied again after a crash.
 */
export type AtLeastOnce = 'at_least_once';
/**
 * The position is stored after so many events.
 */
export type CheckpointEvery = number;
/**
 * Events that come too early are kept until those before them are there, at most so many.
 */
export type KeptOutOfOrder = number;
/**
 * How long it takes to bring an event into it.
 */
export type TimePerEvent = number;
/**
 * How long an event is on its way from the log.
 */
export type Delay = number;
/**
 * Queries that are worked on at a time.
 */
export type Concurrency3 = number;
/**
 * Queries that wait; one more is shed.
 */
export type QueueLimit3 = number;
/**
 * How many of the queries are for this model, in proportion to the others'.
 */
export type ShareOfTheQueries = number;
/**
 * The read models, each kept from the log.
 */
export type ReadModels = Model[];
/**
 * What they may be answered from.
 */
export type Consistency = WhateverIsThere | ReadYourOwnWrites;
/**
 * Whatever the read model has.
 */
export type WhateverIsThere = 'eventual';
/**
 * At least the asker's own writes.
 */
export type ReadYourOwnWrites = 'read_your_writes';
/**
 * A question waits at most so long for its asker's own writes.
 */
export type LongestWait2 = number;
/**
 * What becomes of a question whose longest wait is over.
 */
export type AfterTheLongestWait = Refuse | AnswerAndSayThatItIsStale;
/**
 * It is refused.
 */
export type Refuse = 'refuse';
/**
 * It is answered from what is there, and the answer says that it is stale.
 */
export type AnswerAndSayThatItIsStale = 'answer_stale';
/**
 * Events in all, links to them included; an append that needs more is refused.
 */
export type MostEvents = number;
/**
 * Appending events whose ids stand in the stream already, in the place where they are expected, succeeds and writes nothing.
 */
export type IdempotentByEventId = boolean;
/**
 * So many commands are known again by their ids, the newest; a command that comes twice is then carried out once.
 */
export type CommandsRemembered = number;
/**
 * Commands and queries, each with a side of its own.
 */
export type CommandAndQuerySides = Cqrs[];
/**
 * What happens.
 */
export type Kind =
  | Crash
  | SlowDown
  | FailRequests
  | FailHealthChecks
  | Drain
  | MultiplyTraffic
  | AddAShard
  | RemoveAShard
  | WeighAShard
  | EvenOut
  | StopTheProjection
  | CrashTheProjection
  | DeliverEventsTwice
  | DeliverEventsOutOfOrder
  | RebuildTheReadModel;
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
 * A shard joins the store; keys move to it.
 */
export type AddAShard = 'add_shard';
/**
 * The shard leaves its store as soon as its keys have moved to others.
 */
export type RemoveAShard = 'remove_shard';
/**
 * The shard gets another weight; keys move.
 */
export type WeighAShard = 'weigh_shard';
/**
 * The store deals its slots or ranges out again.
 */
export type EvenOut = 'even_out';
/**
 * The projection takes in nothing; its read model answers from what it has.
 */
export type StopTheProjection = 'stop_projection';
/**
 * The projection goes down between an event's effect and the note of its position, and comes up at once.
 */
export type CrashTheProjection = 'crash_projection';
/**
 * Some events are delivered twice.
 */
export type DeliverEventsTwice = 'deliver_twice';
/**
 * Some events come late, after those behind them.
 */
export type DeliverEventsOutOfOrder = 'out_of_order';
/**
 * The read model is thrown away and made of the log again.
 */
export type RebuildTheReadModel = 'rebuild';
/**
 * The name of an instance, a shard or a read model, or of a service or a store for all of them; of a group of clients where traffic is multiplied.
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
 * How many times slower, how many times the traffic, or how many times the weight of a shard as it is by default.
 */
export type Factor1 = number;
/**
 * Share of the requests that fail, or of the events.
 */
export type Share1 = number;
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
export type MostEvents1 = number;

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
  stores?: Stores;
  cqrs?: CommandAndQuerySides;
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
  commands_percent?: Commands;
  all_shards_percent?: QueriesOfAllShards;
  hop?: WayToWhatIsCalled;
  calls?: Calls;
  shared_pool?: SharedPool;
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
  hot_percent?: HotShare;
  range_percent?: HotRange;
}
/**
 * The way from the client to the balancer of a service, or to the router of a store or of two sides, and back.
 */
export interface WayToWhatIsCalled {
  time_ms?: Time;
  jitter_percent?: Jitter;
}
/**
 * A call: the edge between a caller and a service, with what the caller does about failures.
 *
 * Around each attempt the policies wrap in one fixed order, from the outside: retry, circuit breaker, bulkhead,
 * timeout. Retry is outermost, so that each attempt asks the others anew and a pause between attempts holds no
 * slot. The breaker comes before the bulkhead, so that what it refuses takes neither a slot nor a place to wait.
 * The timeout is innermost: its clock starts when the attempt leaves, since the wait in the bulkhead has a bound
 * of its own.
 */
export interface Call {
  to?: To;
  share_percent?: Share;
  timeout_ms?: Timeout;
  cancel?: CancelTheWork;
  retry?: Retry;
  retry_elsewhere?: RetryElsewhere;
  breaker?: CircuitBreaker;
  bulkhead?: Bulkhead;
}
/**
 * Trying again after a failure. What the breaker or the bulkhead refused is not tried again.
 */
export interface Retry {
  attempts?: Attempts;
  backoff?: Backoff;
  base_ms?: BaseDelay;
  factor?: Factor;
  max_ms?: LongestDelay;
  jitter?: Jitter1;
  budget?: RetryBudget;
  budget_percent?: Budget;
  budget_min_per_s?: Reserve;
  budget_window_ms?: Window;
}
/**
 * The circuit breaker.
 */
export interface CircuitBreaker {
  enabled?: CircuitBreaker1;
  scope?: Watches;
  rule?: Rule;
}
/**
 * When it opens, for how long, and how it closes again.
 */
export interface Rule {
  trip_rule?: OpensOn;
  failures?: Failures;
  failure_rate_percent?: FailureRate1;
  minimum_calls?: MinimumCalls;
  window?: Window1;
  window_calls?: WindowSize;
  window_ms?: WindowLength;
  window_buckets?: Buckets;
  bucket_start?: BucketsBegin;
  window_expiry?: OldCallsLeave;
  counted_from?: CallsCountFrom;
  judged?: JudgedAfter;
  rate_rounding?: RatesAre;
  slow_calls?: SlowCalls;
  slow_call_ms?: SlowFrom;
  slow_rate_percent?: SlowRate;
  wait_ms?: Wait;
  wait_growth?: WaitGrows;
  wait_ms_max?: LongestWait;
  wait_end?: Over;
  half_opens?: HalfOpen;
  after_wait?: AfterTheWait;
  trials?: TrialCalls;
  trial_limit?: TrialsAreLimitedTo;
  trial_rule?: DecidedBy;
  trial_successes?: SuccessesToClose;
  half_open_ms_max?: LongestHalfOpen;
  closing_trial_counts?: LastTrialCounts;
  late_answers?: LateAnswers;
  late_failures_prolong?: LateFailuresProlong;
  window_kept?: WindowKeptWhenOpen;
  commands_renew?: CommandsRenew;
  commands_strict?: StrictCommands;
}
/**
 * The bulkhead.
 */
export interface Bulkhead {
  enabled?: Bulkhead1;
  rule?: Size;
}
/**
 * How many at a time, and how many may wait.
 */
export interface Size {
  max_concurrent?: Slots;
  max_waiting?: WaitingPlaces;
  max_wait_ms?: LongestWait1;
  limit?: Limit;
  initial_limit?: LimitAtFirst;
  min_limit?: LeastLimit;
  increase?: Increase;
  backoff?: BackOff;
  late_ms?: LateAfter;
  sample_ms?: Sample;
  long_samples?: LongRun;
  tolerance?: Tolerance;
  smoothing?: Smoothing;
  queue_allowed?: QueueAllowed;
}
/**
 * One bulkhead for all calls together, in place of each call's own.
 */
export interface SharedPool {
  enabled?: Bulkhead1;
  rule?: Size;
}
/**
 * A service: a balancer over instances.
 */
export interface Service {
  name?: Name2;
  balancer?: Balancer;
  instances?: Instances;
  calls?: Calls1;
  shared_pool?: SharedPool1;
  call_hop?: WayToTheServicesCalled;
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
  rule?: Rule1;
  failures?: Failures1;
  window_ms?: Window2;
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
 * One bulkhead in each instance for all its calls together, in place of each call's own.
 */
export interface SharedPool1 {
  enabled?: Bulkhead1;
  rule?: Size;
}
/**
 * The way from an instance to the balancers of the services that it calls, and back.
 */
export interface WayToTheServicesCalled {
  time_ms?: Time;
  jitter_percent?: Jitter;
}
/**
 * A store: keys spread over shards, each of which reads and writes what is its own.
 */
export interface Store {
  name?: Name3;
  sharding?: Sharding;
  shards?: Shards;
  moving?: Moving;
  keys?: KeysAtTheStart;
  key_prefix?: KeysBeginWith;
  salted_keys?: SaltedKeys;
  sub_keys?: SubKeys;
  gather?: AQueryOfAllShardsNeeds;
  replication_ms?: ReplicationLag;
  copy_ways?: WaysOfTheCopies;
}
/**
 * How a key finds its shard, and what happens when their number changes.
 */
export interface Sharding {
  placement?: Placement;
  hash?: Hash;
  ring_points?: Ring1;
  virtual_nodes?: VirtualNodes1;
  table_size?: TableSize1;
  table_hash?: TableHash1;
  slots?: Slots1;
  bounds?: Bounds;
  split_by?: SplitBy;
  split_above?: SplitAbove;
  unlisted?: UnlistedKeys;
  on_the_move?: OnTheMove;
  copies?: Copies;
  replication?: Replication;
  read_preference?: ReadPreference;
  salted_reads?: HotKeys;
}
/**
 * The shards.
 */
export interface Shards {
  count?: Shards1;
  read_time?: Read;
  write_time?: Write;
  concurrency?: Concurrency1;
  queue_limit?: QueueLimit1;
  weights?: Weights1;
  speeds?: Speeds1;
  hop?: WayToTheShards;
}
/**
 * How long a read takes on a shard of speed 1.
 */
export interface Read {
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
 * How long a write takes on a shard of speed 1.
 */
export interface Write {
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
 * The way from the router to a shard, and back.
 */
export interface WayToTheShards {
  time_ms?: Time;
  jitter_percent?: Jitter;
}
/**
 * How keys move when the map changes.
 */
export interface Moving {
  at_once?: MovesAtATime;
  key_ms?: TimePerKey;
  load_percent?: LoadOfMoving;
  look_ms?: LookAtRangesEvery;
}
/**
 * Commands and queries, each with a side of its own: soldiers are assigned to companies, transferred and released, and people ask who is where.
 */
export interface Cqrs {
  name?: Name4;
  layout?: Models;
  soldiers?: Soldiers;
  companies?: Companies;
  assigned_percent?: AssignedAtTheStart;
  commands?: Commands1;
  shared?: SharedModel;
  models?: ReadModels;
  queries?: Queries;
  store?: EventStore;
  hop?: WayToTheModels;
}
/**
 * The side that writes.
 */
export interface Commands1 {
  rule?: Rule2;
  work?: Command;
  concurrency?: Concurrency2;
  queue_limit?: QueueLimit2;
}
/**
 * How commands are carried out.
 */
export interface Rule2 {
  validated?: Validated;
  conflict_retries?: TriesAfterAConflict;
  snapshot_every?: SnapshotEvery;
}
/**
 * How long a command takes.
 */
export interface Command {
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
 * The shared model.
 */
export interface SharedModel {
  read_time?: Query;
  locks?: CommandsLock;
}
/**
 * How long a query takes on a model that is kept for writing: tables have to be joined.
 */
export interface Query {
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
 * A read model: a copy of what the log says, kept in the form in which it is asked for.
 */
export interface Model {
  kind?: Answers;
  projection?: Projection;
  read_time?: Query1;
  event_ms?: TimePerEvent;
  delay_ms?: Delay;
  concurrency?: Concurrency3;
  queue_limit?: QueueLimit3;
  share_percent?: ShareOfTheQueries;
}
/**
 * How it is kept.
 */
export interface Projection {
  delivery?: Delivery;
  guarantee?: Guarantee;
  checkpoint_every?: CheckpointEvery;
  reorder_max?: KeptOutOfOrder;
}
/**
 * How long a query takes on it.
 */
export interface Query1 {
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
 * How fresh an answer a query accepts.
 */
export interface Queries {
  consistency?: Consistency;
  wait_ms_max?: LongestWait2;
  on_timeout?: AfterTheLongestWait;
}
/**
 * The log.
 */
export interface EventStore {
  most_events?: MostEvents;
  idempotent_by_event_id?: IdempotentByEventId;
  commands_remembered?: CommandsRemembered;
}
/**
 * The way to either side, and back.
 */
export interface WayToTheModels {
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
  factor?: Factor1;
  percent?: Share1;
}
/**
 * When to give up rather than use more memory or time.
 */
export interface Limits {
  requests?: MostRequests;
  events?: MostEvents1;
}
