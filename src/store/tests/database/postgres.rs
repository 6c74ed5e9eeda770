//! A throw-away PostgreSQL: its own cluster in a temporary folder, reached by a socket there.

use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};

use momentum_store::address::{Address, Schema};

/// A running cluster, stopped and removed with this.
#[derive(Debug)]
pub(crate) struct Cluster {
    folder: PathBuf,
    bin: PathBuf,
    server: Mutex<Option<Child>>,
}

static SHARED: Mutex<Weak<Cluster>> = Mutex::new(Weak::new());

/// The cluster that tests at work share; none, with the reason printed, where PostgreSQL is not installed.
pub(crate) fn shared() -> Option<Arc<Cluster>> {
    let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(cluster) = shared.upgrade() {
        return Some(cluster);
    }
    let cluster = Arc::new(Cluster::start()?);
    *shared = Arc::downgrade(&cluster);
    Some(cluster)
}

impl Cluster {
    /// A cluster of one's own.
    pub(crate) fn start() -> Option<Self> {
        let Some(bin) = found() else {
            assert!(std::env::var_os("CI").is_none(), "PostgreSQL is not installed, and in CI it must be");
            eprintln!("skipped: PostgreSQL is not installed (`initdb` and `postgres` are looked for)");
            return None;
        };
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let nth = NEXT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("momentum-pg-{}-{nth}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let cluster = Self { folder, bin, server: Mutex::new(None) };
        if root() {
            assert!(Command::new("chown").arg("nobody").arg(&cluster.folder).status().unwrap().success());
        }
        let data = cluster.folder.join("data");
        let mut initdb = cluster.command("initdb");
        initdb.args([
            "--auth=trust",
            "--username=momentum",
            "--no-sync",
            "--encoding=UTF8",
            "--locale=C",
            "-D",
        ]);
        let made = initdb.arg(&data).output().unwrap();
        assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
        cluster.run();
        Some(cluster)
    }

    /// Starts the server and waits until it answers.
    pub(crate) fn run(&self) {
        let mut postgres = self.command("postgres");
        postgres.arg("-D").arg(self.folder.join("data")).arg("-k").arg(&self.folder);
        postgres.args(["-c", "listen_addresses=", "-c", "fsync=on", "-c", "log_min_messages=fatal"]);
        let child = postgres.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        *self.server.lock().unwrap() = Some(child);
        let until = Instant::now() + Duration::from_secs(60);
        let ready = || {
            let mut ask = Command::new(self.bin.join("pg_isready"));
            ask.arg("-q").arg("-h").arg(&self.folder).status().unwrap().success()
        };
        while !ready() {
            assert!(Instant::now() < until, "PostgreSQL does not come up");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Kills the server as `pg_ctl stop -m immediate` does: no good-bye, no checkpoint.
    pub(crate) fn kill(&self) {
        let mut stop = self.command("pg_ctl");
        stop.args(["stop", "-m", "immediate", "-D"]).arg(self.folder.join("data"));
        assert!(stop.output().unwrap().status.success());
        if let Some(mut child) = self.server.lock().unwrap().take() {
            child.wait().unwrap();
        }
    }

    /// The address of a book of its own.
    pub(crate) fn address(&self, book: &str) -> Address {
        Address::parse(&self.url(), &Schema::of_book("test", book, None)).unwrap()
    }

    /// Where it is, as `--db` takes it.
    pub(crate) fn url(&self) -> String {
        format!("postgres:///postgres?host={}&user=momentum", self.folder.display())
    }

    /// A program of PostgreSQL; it refuses to run as root.
    fn command(&self, program: &str) -> Command {
        let program = self.bin.join(program);
        let mut command = if root() {
            let mut command = Command::new("setpriv");
            command.args(["--reuid=nobody", "--regid=nogroup", "--clear-groups"]).arg(program);
            command
        } else {
            Command::new(program)
        };
        command.current_dir(&self.folder).env("TZ", "UTC");
        command
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if self.server.lock().unwrap_or_else(PoisonError::into_inner).is_some() {
            self.kill();
        }
        std::fs::remove_dir_all(&self.folder).unwrap();
    }
}

fn root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
}

/// Where the programs are: on the path, or where Debian puts them, the newest version first.
fn found() -> Option<PathBuf> {
    let on_path = std::env::var_os("PATH").map(|path| std::env::split_paths(&path).collect::<Vec<_>>());
    let mut versions: Vec<_> = std::fs::read_dir("/usr/lib/postgresql")
        .ok()
        .into_iter()
        .flatten()
        .flatten()
        .map(|e| e.path())
        .collect();
    versions.sort();
    let debian = versions.into_iter().rev().map(|version| version.join("bin"));
    let whole =
        |bin: &Path| ["initdb", "postgres", "pg_ctl", "pg_isready"].iter().all(|p| bin.join(p).is_file());
    debian.chain(on_path.into_iter().flatten()).find(|bin| whole(bin))
}
