//! Payment crypto: the laws it obeys, the secrets it keeps, the page it writes.

#[path = "crypto/guide.rs"]
mod guide;
#[path = "crypto/laws.rs"]
mod laws;
#[path = "crypto/marks.rs"]
mod marks;
#[path = "crypto/more_vectors.rs"]
mod more_vectors;
#[path = "crypto/peers.rs"]
mod peers;
#[path = "crypto/secrets.rs"]
mod secrets;
#[path = "crypto/world_secrets.rs"]
mod world_secrets;
