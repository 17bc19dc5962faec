/** All of the stage that only scenarios with stores need: fetched when there is one, and no part of the first picture. */
export { drawMap } from "./draw-map.js";
export { drawShards, drawTravels, isAway, presencesOf } from "./draw-shards.js";
export { mapLabel, mapWords, mapWordsShort, shardWords } from "./describe-shards.js";
export { storeLegend } from "./legend-stores.js";
export { Marks, keySelectionAt } from "./marks.js";
export { shardActions, storeActions } from "./shard-actions.js";
