/* What the box itself says. */

export const words = {
	title: ["লাইভ চ্যাট", "Live Chat"],
	menu: ["মেনু", "Menu"],
	close: ["চ্যাট বক্স বন্ধ করুন", "Close the chat box"],
	sound: ["শব্দ", "Sound"],
	save: ["কথোপকথন সংরক্ষণ করুন", "Save the conversation"],
	end: ["চ্যাট শেষ করুন", "End the chat"],
	endSure: ["চ্যাট শেষ করবেন?", "End the chat?"],
	goOn: ["চ্যাট চলুক", "Go on"],
	again: ["আবার চ্যাটের অনুরোধ করুন", "Request chat again"],
	lost: ["আগের চ্যাটটি আর নেই।", "That chat is no longer there."],

	connecting: ["সংযোগ করা হচ্ছে…", "Connecting…"],
	connected: ["সংযুক্ত", "Connected"],
	waiting: ["প্রতিনিধির অপেক্ষায়", "Waiting for a representative"],
	representative: ["প্রতিনিধি #", "Representative #"],
	typing: ["# লিখছেন…", "# is typing…"],
	closed: ["চ্যাট শেষ হয়েছে", "The chat has ended"],
	place: ["আপনার সিরিয়াল: #", "Your place in the queue: #"],
	wait: ["আনুমানিক অপেক্ষা: # মিনিট", "Estimated wait: # min"],
	unknown: ["কতক্ষণ লাগবে, এখনো বলা যাচ্ছে না", "We can't say yet how long it takes"],
	idle: ["উত্তর না দিলে চ্যাট শেষ হবে:", "Unless you answer, the chat ends in"],
	turn: ["আপনার পালা এসেছে!", "It's your turn!"],
	news: ["নতুন বার্তা", "New message"],
	unread: ["#টি নতুন", "# new"],

	offline: ["সংযোগ নেই। আবার চেষ্টা হবে:", "No connection. Trying again in"],
	busy: ["একসঙ্গে অনেক অনুরোধ এসেছে। আবার চেষ্টা হবে:", "Too many requests. Trying again in"],
	down: ["সেবাটি এখন পাওয়া যাচ্ছে না। আবার চেষ্টা হবে:", "The service is not available. Trying again in"],

	you: ["আপনি", "You"],
	sending: ["পাঠানো হচ্ছে…", "Sending…"],
	sent: ["পাঠানো হয়েছে", "Sent"],
	held: ["সংযোগ হলে পাঠানো হবে", "Will be sent once connected"],
	failed: ["পাঠানো যায়নি।", "Not sent."],
	retry: ["আবার চেষ্টা করুন", "Try again"],
	remove: ["মুছে ফেলুন", "Remove"],
	send: ["পাঠান", "Send"],
	text: ["এখানে লিখুন", "Write here"],
	name: ["আপনার নাম", "Your name"],
	number: ["মোবাইল নম্বর", "Mobile number"],
	secret: [
		"এতে পিন বা ওটিপি আছে মনে হচ্ছে। এগুলো কাউকে জানাবেন না, আমাদেরও না।",
		"This seems to hold a PIN or an OTP. Don't tell anybody, not even us.",
	],
	change: ["বদলে লিখুন", "Change it"],
	anyway: ["তবু পাঠান", "Send anyway"],

	details: ["আপনার তথ্য", "Your details"],
	sendDetails: ["নিরাপদে পাঠান", "Send securely"],
	example: ["যেমন #", "For example #"],

	rate: ["আজকের সেবা কেমন লাগল?", "How was our service today?"],
	score: ["৫-এর মধ্যে #", "# out of 5"],
	comment: ["কিছু বলতে চান?", "Anything to add?"],
};

export const examples = {
	"date-of-birth": "31/12/1990",
	"nid-number": "1234567890",
	"last-transaction-amount": "1500",
};
