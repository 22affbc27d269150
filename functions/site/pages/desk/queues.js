/** @import {Desk} from "./desk.js" */
import { habits } from "./session.js";

/** What a queue is called, in the desk's language. @param {Desk} desk @param {string} id */
export function queueName(desk, id) {
  const queue = desk.overview?.queues.find(queue => queue.id === id);
  return queue?.label[habits.language] ?? id;
}
