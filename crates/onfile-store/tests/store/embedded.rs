//! What only the embedded store can go through: full disks, second openers, sudden ends.

use onfile_store::{Options, Store, StoreError};

use crate::conformance::{done, found, insert, tempfolder};
use crate::made::{wait, world};

#[test]
fn a_second_opener_is_told_who_holds_the_folder() {
    let folder = tempfolder();
    let first = Store::open(&folder, Options::default()).unwrap();
    match Store::open(&folder, Options::default()) {
        Err(StoreError::Held { holder }) => assert_eq!(holder, std::process::id().to_string()),
        other => panic!("{:?}", other.err()),
    }
    drop(first);
    drop(Store::open(&folder, Options::default()).unwrap());
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn what_was_answered_is_there_after_a_stop() {
    let folder = tempfolder();
    let store = Store::open(&folder, Options::default()).unwrap();
    let here = world(&store, 1);
    done(&store, insert(here.id, 1));
    drop(store);
    let store = Store::open(&folder, Options::default()).unwrap();
    assert_eq!(world(&store, 1).id, here.id);
    assert!(found(&store, here.id, 1).is_some());
    assert_eq!(wait(store.check()).unwrap(), []);
    drop(store);
    std::fs::remove_dir_all(&folder).unwrap();
}
