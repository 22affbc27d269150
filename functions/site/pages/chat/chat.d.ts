/* Types of the customer's side, with what each thing is for: what is written here costs no customer a byte.
 *
 * `//# allFunctionsCalledOnLoad` at the top of a script has Chromium compile its functions while it arrives, beside the
 * page's main thread, rather than on it when they are called (V8's explicit compile hints).
 *
 * The button looks for a chat to go on with once the browser is idle: the first look into storage waits for another
 * process and perhaps for the disk, for which a page that is still loading should not have to wait. */

import type * as wire from "../wire";

/** How the chat is shown and where it is. */
export interface Options {
	/** The server, without a slash at its end. */
	server: string;
	channel: "web" | "app";
	/** Chosen by the page, so that the customer isn't asked. */
	language?: wire.Language;
	/** A JWT in which the organisation vouches for the customer. */
	identity?: string;
}

/** A chat as the browser keeps it. */
export interface Session {
	/** The idempotency key it was, or will be, started with. */
	key: string;
	locale?: wire.Language;
	chat?: string;
	token?: string;
	/** The closed chat it follows; its token is `token` until this one has its own. */
	again?: string;
	/** The last event the customer has had in view. */
	seen: number;
	/** When it was found closed. */
	over?: wire.Millis;
	/** The number of the customer it was begun for, where somebody vouched for that. */
	who?: string;
}

/** What is sent that the log does not have yet. */
export interface Item {
	/** The client id. */
	id: string;
	chat?: string;
	at: wire.Millis;
	post: Exclude<wire.Post, { kind: "typing" }> | { kind: "close" };
	/** What the customer reads while it is on its way. */
	label: string;
	/** Whether it was sent before, perhaps with an answer that got lost. */
	tried?: boolean;
	/** Whether the server has it; the log will soon. */
	sent?: boolean;
	/** Why it was refused. */
	problem?: Fault;
}

/** Why there is no answer, or not the one that was wished. `offline` stands for no answer at all, `lost` for a chat
 * that can't be opened any more. */
export type Fault = Partial<wire.Problem> & { code: string };

/** The chat behind the box: what was said, what is still to be sent, and the requests for both. It never touches the
 * page's elements. */
export interface Client {
	session?: Session;
	/** What was said. */
	events: wire.Event[];
	status?: wire.Status;
	/** In the order they were made. */
	outbox: Item[];
	/** What went wrong last, until something goes well. */
	fault?: Fault;
	/** When the next attempt is made. */
	retryAt: wire.Millis;
	/** The server's clock minus ours. */
	lead: number;

	/** Begins a chat, unless there is one; another tab may have begun it. */
	start(): void;
	/** Takes over what another tab has kept since. To listen for it instead (`storage`) would have the browser open both of
	 * its stores while the box opens, for which the page would wait. */
	follow(): void;
	/** Leaves a chat behind that was begun for somebody else than the identity is for. */
	identify(): void;
	/** Requests the chat again, or begins another where it is not known any more. */
	again(): void;
	/** Sends something. What proves who somebody is, is not written down in the browser meanwhile. */
	send(post: Item["post"], label?: string): void;
	/** Sends again what was refused. */
	retry(item: Item): void;
	/** Gives up on sending it. */
	drop(item: Item): void;
	/** Says that the customer is typing, and what, where the operator lets representatives see it; it doesn't matter when
	 * that gets lost. */
	typing(draft: string): void;
	transcript(): Promise<string>;
	/** Asks for news at once. */
	wake(): void;
	/** How many events the customer has not had in view. */
	unread(): number;
	/** Notes that everything is in view. */
	saw(): void;
	/** Stores a value, or forgets it. Where storage is blocked or full, the chat lasts as long as the page. */
	write(key: string, value?: object): void;
	// biome-ignore lint/suspicious/noExplicitAny: what was stored depends on the key
	read(key: string): any;
}

/** The client with what only it needs. */
export interface Engine extends Client {
	/** What to send as `after` next. */
	cursor: number;
	/** The newest event's number. */
	last: number;
	pollAt: wire.Millis;
	/** Failures in a row. */
	tries: number;
	typedAt: wire.Millis;
	/** Tells what is typed a little later. */
	typist?: ReturnType<typeof setTimeout>;
	/** The session as it stands in storage, written down. */
	kept?: string;
	/** Ends the loop's pause. */
	wakeUp(): void;
	/** The request for news that is on its way: it can be asked for anew at any time. */
	flight?: AbortController;

	begin(session: Partial<Session>): void;
	/** Whom the identity is for. */
	who(): string | undefined;
	/** Keeps the session, or forgets it. */
	keep(session?: Session): void;
	/** Takes the session from storage: it may be another tab's. */
	load(): void;
	/** Does what is to be done, and says for how long there is nothing more: one request at a time, and what is to be
	 * sent goes before what is to be asked. */
	step(): Promise<number>;
	open(): Promise<void>;
	/** Sends an item. What was stored before is answered without what came before it, so that all of it is asked for. */
	deliver(item: Item): Promise<void>;
	poll(): Promise<void>;
	/** Rejected with a {@link Fault}. */
	// biome-ignore lint/suspicious/noExplicitAny: what is answered depends on the path
	call(path: string, body?: object, headers?: object): Promise<any>;
	/** A start that is refused is tried again without what it may have been refused for. */
	failed(fault: Fault, item?: Item): void;
	/** Takes in the answer to a request for what is after `after`. A closed chat can be seen again for half an hour:
	 * whoever comes later has another concern. */
	take(after: number, answer: wire.Answer): void;
}

/** `changed` is told of every change, with the events that are new; `anew` where it is another chat. */
export type Connect = (options: Options, changed: (news: wire.Event[], anew?: boolean) => void) => Client;

/** What an app takes over from the page: see docs/mobile.md. */
export interface Page {
	unread?(count: number): void;
	close?(): void;
	share?(text: string): void;
}

/** What an app puts into the page's window: an object of its own on Android, a message handler on iOS. */
export interface App {
	AlapHost?: Page;
	webkit?: { messageHandlers?: { alap?: { postMessage(message: object): void } } };
}

/** Where the box is: opened by the button `launcher`, in whose place it is shown, or all there is of a `page`. */
export interface Placed extends Options {
	launcher?: HTMLButtonElement;
	page?: Page;
}

/** What the box's other files give it. They don't import each other, so that the button can import all of them at once,
 * and all of them anew: a browser remembers an import that failed, and would not try the same address again. */
export interface Parts {
	connect: Connect;
	examples: typeof import("./words.js").examples;
	sheet: string;
	words: typeof import("./words.js").words;
}

/** Makes the box, to be shown in a shadow root. */
export type Mount = (host: HTMLElement, root: ShadowRoot, options: Placed & Parts) => Box;

declare global {
	interface HTMLElementTagNameMap {
		"alap-chat": HTMLElement;
	}
}

/** What can be done with the box. */
export interface Box {
	open(): void;
	/** Closes the box, not the chat. */
	close(): void;
	/** There is another identity, or none any more. */
	identify(): void;
}

type Tag<What extends string> = What extends `${infer Name}.${string}` ? Name : What;
type Child = string | Node | Record<string, unknown> | false | 0 | null | undefined | Child[];

/** Puts children into an element. A child that is neither a text nor a node is properties: what the element has as a
 * property becomes one, all else an attribute. */
// biome-ignore lint/suspicious/noExplicitAny: whichever element it is, with whichever properties, it gives it back
export type Fill = (element: any, ...children: Child[]) => any;

/** Makes an element: `"p.bar queue"` is a `p` with these classes. */
export type Make = <What extends string>(
	what: What,
	...children: Child[]
) => Tag<What> extends keyof HTMLElementTagNameMap ? HTMLElementTagNameMap[Tag<What>] : HTMLElement;

type Word = keyof typeof import("./words.js").words;

/** An event as the box looks at it: what only some kinds have is there or isn't. */
export interface Shown {
	seq: number;
	at: wire.Millis;
	kind: wire.Event["kind"];
	from: wire.Event["from"];
	text?: string;
	label?: string;
	score?: number;
	comment?: string;
	agent?: wire.Agent;
	contacts?: wire.Contact[];
	input?: { type: wire.Input["type"]; options?: wire.Choice[]; navigation?: wire.Choice[] };
	// biome-ignore lint/suspicious/noExplicitAny: fields of a form where it is asked for, their names where it is answered
	fields?: any[];
}

/** The parts of the box. */
export interface View extends Box {
	/** The state each element was drawn for. */
	drawn: Map<Element, string>;
	/** Where the customer writes. */
	field: HTMLInputElement | HTMLTextAreaElement;
	/** What is asked before something is done. */
	question?: HTMLElement;
	/** What the log doesn't have yet. */
	news: wire.Event[];
	/** Shows the box when there is no answer by then. Most often there is one, and the box is laid out once; who waits
	 * longer than a tenth of a second would notice (the RAIL model's response time). */
	opening?: ReturnType<typeof setTimeout> | 0;
	/** Whether a change is about to be shown. */
	queued?: boolean;
	unread: number;
	language: string;
	audio?: AudioContext;
	/** The page's title, and what it alternates with, while the customer is to look here. */
	title: string;
	other: string;

	/** In the digits of the customer's language. */
	local(value: string | number): string;
	/** What the box says, with `value` filled in. */
	t(key: Word, value?: string | number): string;
	/** Minutes and seconds; or hours and minutes, of what is given sixty times as short. */
	clock(ms: number): string;
	/** Tells the page around it. */
	tell(name: "open" | "message" | "unread" | "closed", detail?: object): void;
	/** Changes a text: the same again would be read out again. */
	set(element: Element, text: string): void;
	/** Fills the element anew if `state` is another than last time, and says whether it is. */
	draw(element: Element, state: unknown, make: () => Child[]): boolean;
	button(text: string, onclick: () => unknown, look?: string): HTMLButtonElement;
	/** A button that answers a question or closes the menu. */
	pick(key: Word, act: () => unknown, look?: string): HTMLButtonElement;
	warn(key: Word): HTMLElement;
	/** A text in its own language and direction. */
	said(text: string): HTMLElement;
	/** A bubble of the customer's. */
	mine(text: string, ...more: Child[]): HTMLElement;
	/** An event in the log. */
	message(event: Shown): Child[];
	/** What is on its way to the log. */
	pending(item: Item): HTMLElement;
	/** Asks before it does: `no` is the safe answer. */
	ask(key: Word, yes: Word, act: () => unknown, no: Word): void;
	/** The prompt or the form that waits for an answer. */
	asked(): Shown | undefined;
	/** Whether an answer is on its way. */
	busy(): boolean;
	/** What the customer can do now, beside writing. */
	choices(): Child[];
	choice(look: string): (choice: wire.Choice) => HTMLElement;
	form(fields: wire.Field[]): HTMLElement;
	rating(): HTMLElement;
	// biome-ignore lint/suspicious/noExplicitAny: the values are texts, which the types of forms don't know
	card(key: Word, rows: Child[], send: (values: any) => void): HTMLFormElement;
	save(): Promise<void>;
	/** Shows the field for what is wanted, or none. */
	compose(wanted?: "name" | "number" | "message" | "text"): void;
	/** Says what is wrong with what was written. */
	complain(text: string): void;
	/** Whether a text seems to hold a PIN or an OTP: digits beside a word for one, or alone after such a word. */
	secret(text: string): boolean | undefined;
	/** Sends what was written, unless it seems to hold a PIN or an OTP and nobody is sure about that yet. The server hides
	 * these anyway. A question of the flow takes one answer. */
	submit(sure?: boolean): void;
	/** Puts what was refused back to where it was written. */
	recover(): void;
	/** Makes the customer look. */
	attract(events: wire.Event[]): void;
	/** Whether sounds are wished, by the customer or else by the page. */
	sound(): boolean;
	beep(): void;
	/** The customer may be looking. */
	look(): void;
	/** What changes with the clock alone, and is not read out. */
	tick(): void;
	/** Who is there. */
	standing(): string;
	/** The place in the queue. */
	place(): string;
	menu(): Child[];
	/** Opens the menu, or closes it. */
	unfold(open: boolean): void;
	/** On a small screen the box is all there is, above the keyboard. */
	fit(): void;
	show(open: boolean): void;
	/** Shows everything as it stands, in a closed box only what was said. What the customer had in view before, on
	 * another page, is not read out. */
	render(): void;
}
