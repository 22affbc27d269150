use super::*;
use crate::store::contract::store_contract;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

const TIMEOUT: Duration = Duration::from_secs(20);

/// The statement by which Spin makes its table, without regard to spaces.
const SPIN_SCHEMA: &str = "CREATE TABLE IF NOT EXISTS spin_key_value (
    store TEXT NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL, PRIMARY KEY (store, key))";

fn open(path: &Path, label: &str) -> SqliteStore {
    let database = SqliteDatabase::open(path, TIMEOUT).unwrap();
    SqliteStore::new(Arc::new(database), label)
}

#[tokio::test]
async fn keeps_the_contract() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("made/as/needed/sqlite_key_value.db");
    store_contract(Arc::new(open(&path, "default"))).await;
}

#[tokio::test]
async fn labels_are_apart_in_one_file() {
    let folder = tempfile::tempdir().unwrap();
    let database = SqliteDatabase::open(&folder.path().join("db"), TIMEOUT).unwrap();
    let database = Arc::new(database);
    let one = SqliteStore::new(Arc::clone(&database), "one");
    let two = SqliteStore::new(database, "two");
    one.set("k", b"1".to_vec()).await.unwrap();
    assert_eq!(two.get("k").await, Ok(None));
    assert_eq!(two.increment("n", 1).await, Ok(1));
    assert_eq!(one.get_keys().await, Ok(vec!["k".to_owned()]));
    one.delete("n").await.unwrap();
    assert_eq!(two.increment("n", 1).await, Ok(2));
}

/// Columns and keys of the table, as `SQLite` sees them.
fn shape(connection: &Connection) -> Vec<String> {
    let mut shape = Vec::new();
    for pragma in ["table_info(spin_key_value)", "index_list(spin_key_value)"] {
        let mut statement = connection.prepare(&format!("PRAGMA {pragma}")).unwrap();
        let columns = statement.column_count();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let cells = (0..columns).map(|n| format!("{:?}", row.get_ref(n).unwrap()));
            shape.push(cells.collect::<Vec<_>>().join(" "));
        }
    }
    shape
}

#[tokio::test]
async fn the_file_is_spins_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sqlite_key_value.db");
    let spins = Connection::open(&path).unwrap();
    spins.execute(SPIN_SCHEMA, []).unwrap();
    let insert = "INSERT INTO spin_key_value (store, key, value) VALUES (?1, ?2, ?3)";
    spins
        .execute(insert, params!["default", "greeting", b"hello"])
        .unwrap();
    spins
        .execute(insert, params!["default", "n", 41_i64.to_le_bytes()])
        .unwrap();
    let shape_of_spins = shape(&spins);
    drop(spins);

    let store = open(&path, "default");
    assert_eq!(store.get("greeting").await, Ok(Some(b"hello".to_vec())));
    assert_eq!(store.increment("n", 1).await, Ok(42));
    store.set("answer", b"yes".to_vec()).await.unwrap();
    store.database.close();
    assert!(!folder.path().join("sqlite_key_value.db-wal").exists());

    let spins = Connection::open(&path).unwrap();
    assert_eq!(shape(&spins), shape_of_spins);
    let value = |key: &str| get(&spins, "default", key).unwrap().unwrap();
    assert_eq!(value("n"), 42_i64.to_le_bytes());
    assert_eq!(value("answer"), b"yes");

    let fresh = folder.path().join("fresh.db");
    open(&fresh, "default").database.close();
    assert_eq!(shape(&Connection::open(&fresh).unwrap()), shape_of_spins);
}

#[tokio::test]
async fn a_closed_file_has_everything_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("db");
    // Connections that close at the same moment leave the log behind now and then.
    for n in 0..50 {
        let store = open(&path, "default");
        store.set("n", vec![n]).await.unwrap();
        store.database.close();
        assert!(!folder.path().join("db-wal").exists(), "closed {n} times");
    }
}

#[tokio::test]
async fn writes_ahead_and_waits_for_the_disk() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("db");
    let store = open(&path, "default");
    let pragma = |name: &'static str| {
        store
            .database
            .read(move |connection| connection.pragma_query_value(None, name, |row| row.get(0)))
    };
    assert_eq!(pragma("journal_mode").await, Ok("wal".to_owned()));
    let connection = connect(&path, TIMEOUT).unwrap();
    let synchronous: i64 = connection
        .pragma_query_value(None, "synchronous", |row| row.get(0))
        .unwrap();
    assert_eq!(synchronous, 2, "2 is FULL");
}

#[tokio::test]
async fn a_closed_store_says_so_and_has_finished_its_writes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("db");
    let store = Arc::new(open(&path, "default"));
    let writes: Vec<_> = (0..500)
        .map(|n| {
            let store = Arc::clone(&store);
            tokio::spawn(async move { store.set(&format!("k{n}"), vec![1]).await })
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(2)).await;
    store.database.close();
    let mut acknowledged = Vec::new();
    for (n, write) in writes.into_iter().enumerate() {
        match write.await.unwrap() {
            Ok(()) => acknowledged.push(n),
            Err(error) => assert_eq!(error, closed()),
        }
    }
    assert_eq!(store.get("k0").await, Err(closed()));
    let store = open(&path, "default");
    for n in acknowledged {
        assert_eq!(store.get(&format!("k{n}")).await, Ok(Some(vec![1])), "{n}");
    }
}

#[tokio::test]
async fn a_writer_elsewhere_makes_an_error_not_a_hang() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("db");
    let database = SqliteDatabase::open(&path, Duration::from_millis(100)).unwrap();
    let store = SqliteStore::new(Arc::new(database), "default");
    store.set("k", b"1".to_vec()).await.unwrap();
    let other = Connection::open(&path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    assert!(store.set("k", b"2".to_vec()).await.is_err());
    assert!(store.increment("n", 1).await.is_err());
    assert_eq!(store.get("k").await, Ok(Some(b"1".to_vec())));
    other.execute_batch("COMMIT").unwrap();
    assert_eq!(store.increment("n", 1).await, Ok(1));
}

/// The file for [`child`], which does nothing without it.
const CHILD_FILE: &str = "SQLITE_TEST_CHILD_FILE";

/// Not a test: what [`start_child`] runs in a process of its own. Counts and writes, and prints what was acknowledged.
#[tokio::test]
async fn child() {
    let Ok(path) = std::env::var(CHILD_FILE) else {
        return;
    };
    let store = open(Path::new(&path), "default");
    loop {
        let n = store.increment("n", 1).await.unwrap();
        store.set(&format!("k{n}"), vec![1]).await.unwrap();
        println!("acknowledged {n}");
    }
}

fn start_child(path: &Path) -> (Child, impl Iterator<Item = i64> + use<>) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "--nocapture", "store::sqlite::tests::child"])
        .env(CHILD_FILE, path)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let acknowledged = lines
        .map_while(Result::ok)
        .filter_map(|line| line.strip_prefix("acknowledged ")?.parse().ok());
    (child, acknowledged)
}

#[tokio::test]
async fn two_processes_count_together_and_what_a_killed_one_acknowledged_stays() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("db");
    let store = open(&path, "default");
    let (mut child, mut acknowledged) = start_child(&path);
    let mut theirs: Vec<_> = acknowledged.by_ref().take(20).collect();
    let mut ours = Vec::new();
    for _ in 0..50 {
        ours.push(store.increment("n", 1).await.unwrap());
    }
    child.kill().unwrap();
    theirs.extend(acknowledged);
    child.wait().unwrap();

    let next = store.increment("n", 1).await.unwrap();
    let mut all: Vec<_> = theirs.iter().chain(&ours).copied().collect();
    let count = all.len();
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), count, "a number was given twice");
    // The child may have died between counting and saying so.
    let given = i64::try_from(count).unwrap();
    assert!(
        (given + 1..=given + 2).contains(&next),
        "{next} after {given}"
    );
    for n in theirs {
        assert_eq!(store.get(&format!("k{n}")).await, Ok(Some(vec![1])), "{n}");
    }
}
