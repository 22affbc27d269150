//! What several suites play, with other hosts and stores under it.

mod conversation;
mod races;

pub use conversation::{again, from_start_to_queue, talk_and_close, whole_conversation};
pub use races::{
    claims_beyond_the_limit, claims_of_one_chat, closing_while_answering,
    fifty_posts_with_one_token, one_client_id_at_once, one_idempotency_key_at_once,
    twenty_representatives_on_ten_chats,
};
