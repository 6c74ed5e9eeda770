//! Where a test keeps its book: a folder for SQLite, a schema of the shared cluster for PostgreSQL.

use std::path::PathBuf;
use std::sync::Arc;

use momentum_store::address::Address;
use momentum_store::db::{Access, Db, Desk, Durability};
use momentum_store::error::StoreError;
use momentum_store::migrations::{self, Series};

use crate::postgres::{Cluster, shared};

/// A folder, removed with it.
#[derive(Debug)]
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn of(test: &str) -> Self {
        let path = std::env::temp_dir().join(format!("momentum-store-{}-{test}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).unwrap();
    }
}

/// A book and what it stands on.
#[derive(Debug)]
pub(crate) struct Place {
    pub(crate) address: Address,
    _folder: Option<Folder>,
    _cluster: Option<Arc<Cluster>>,
}

impl Place {
    /// A file of a test's own.
    pub(crate) fn sqlite(test: &str) -> Option<Self> {
        let folder = Folder::of(test);
        Some(Self { address: Address::in_folder(&folder.0), _folder: Some(folder), _cluster: None })
    }

    /// A schema of a test's own; none where there is no PostgreSQL.
    pub(crate) fn postgres(test: &str) -> Option<Self> {
        let cluster = shared()?;
        Some(Self { address: cluster.address(test), _folder: None, _cluster: Some(cluster) })
    }

    /// Makes the schema.
    pub(crate) fn make(&self) {
        up(&self.address);
    }
}

/// Makes the schema of a book.
pub(crate) fn up(address: &Address) {
    on(address, Access::Create, async |db| migrations::up(db, Series::Book).await).unwrap();
}

/// Does something with a connection.
pub(crate) fn on<T>(
    address: &Address,
    access: Access,
    work: impl AsyncFnOnce(&mut Db) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    Desk::new()?.wait(async {
        let mut db = Db::open(address, Durability::Full, access).await?;
        let done = work(&mut db).await?;
        db.close().await?;
        Ok(done)
    })
}

/// The same tests on both databases: each function takes a place that has no schema yet.
macro_rules! on_both {
    ($($test:ident),+ $(,)?) => {
        mod sqlite {
            $(#[test]
            fn $test() {
                super::$test(&crate::place::Place::sqlite(concat!(module_path!(), stringify!($test))).unwrap());
            })+
        }
        mod postgres {
            $(#[test]
            fn $test() {
                if let Some(place) = crate::place::Place::postgres(stringify!($test)) {
                    super::$test(&place);
                }
            })+
        }
    };
}
pub(crate) use on_both;
