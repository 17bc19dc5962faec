/** All of the stage that only scenarios with stores or two sides need: fetched when there is one, and no part of the first picture. */
export { drawMap } from "./draw/draw-map.js";
export { drawSides, drawStale, pickedAt } from "./draw/draw-sides.js";
export { drawShards, drawTravels, isAway, presencesOf } from "./draw/draw-shards.js";
export { logLabel, sideWords, sidesWords } from "./words/describe-sides.js";
export { mapLabel, mapWords, mapWordsShort, shardWords } from "./words/describe-shards.js";
export { sidesLegend, storeLegend } from "./legend-stores.js";
export { Marks, keySelectionAt } from "./draw/marks.js";
export { shardActions, storeActions } from "./shard-actions.js";
