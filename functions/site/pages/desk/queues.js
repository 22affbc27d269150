/** @import {Desk} from "./desk.js" */
import { habits } from "./session.js";
import { textOr } from "./text.js";

/** What a queue is called: the flow's word for it, in the desk's language. @param {Desk} desk @param {string} id */
export function queueName(desk, id) {
  const label = desk.overview?.queues?.find(queue => queue.id === id)?.label;
  return (typeof label === "string" ? label : label?.[habits.language]) ?? textOr(id);
}

/** All queues there are, as far as the desk knows. @param {Desk} desk @returns {string[]} */
export function queueIds(desk) {
  const { queues, agents = [] } = desk.overview ?? {};
  return queues?.map(queue => queue.id) ?? [...new Set(agents.flatMap(agent => agent.queues))].sort();
}
