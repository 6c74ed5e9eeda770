//! `momentum-localnet`: the local chain with a market on it, for a rehearsal with no coin at risk. It writes what a
//! bot needs into a folder and prints how to use it.

#![allow(clippy::unwrap_used, reason = "where a test server fails, a panic is the finding")]

use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Parser;
use momentum_localnet::chain::{Agent, Chain, Options, Surfaces, now};
use momentum_localnet::control;
use momentum_localnet::market::{Launch, Market};
use momentum_localnet::programs::Build;
use momentum_localnet::web::{Page, Web};

/// Runs the real pump.fun programs on a chain of this machine, with agents that trade on it.
#[derive(Parser)]
#[command(name = "momentum-localnet", version)]
struct Settings {
    /// Folder for the bot's configuration, endpoint files and wallet; it is made
    #[arg(long)]
    folder: PathBuf,
    /// Seed of the agents
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Milliseconds from slot to slot
    #[arg(long, default_value_t = 400)]
    slot_ms: u64,
    /// Seconds of market time that pass in a second; the profile `localnet` is made for 30
    #[arg(long, default_value_t = 30)]
    speed: u64,
    /// Slots that pass before anybody can look
    #[arg(long, default_value_t = 60)]
    ahead: u64,
    /// SOL in the bot's wallet
    #[arg(long, default_value_t = 10)]
    sol: u64,
    /// Release of the programs that runs: 0.2.0, 0.3.1, 0.4.1 or 0.5.0
    #[arg(long, default_value = Build::default().version(), value_parser = build)]
    build: Build,
}

fn build(version: &str) -> Result<Build, String> {
    let known = || Build::ALL.map(Build::version).join(", ");
    let named = Build::ALL.into_iter().find(|build| build.version() == version);
    named.ok_or_else(|| format!("there is no such build; there are {}", known()))
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let settings = Settings::parse();
    let Settings { build, seed, .. } = settings;
    let slot = Duration::from_millis(settings.slot_ms * settings.speed);
    let chain = Chain::new(Options { build, began: now(), slot, seed, ..Options::default() });
    let surfaces = chain.serve().await;
    let web = Web::start().await;
    let wallet = chain.agent();
    chain.empty(&wallet.address());
    chain.fund(&wallet.address(), settings.sol * 1_000_000_000);
    let mut market = Market::new(&chain, seed, &web.url("/coin/"));
    for _ in 0..settings.ahead {
        publish(&web, &market.act());
        chain.step();
    }
    write_folder(&settings.folder, &surfaces, &wallet, web.port())?;
    let control = control::serve(&chain, surfaces).await;
    say(&settings.folder, &control.url, &wallet);
    let mut ticks = tokio::time::interval(Duration::from_millis(settings.slot_ms));
    // A machine that was busy makes fewer slots, not the same ones in a rush.
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let end = tokio::signal::ctrl_c();
    tokio::pin!(end);
    loop {
        tokio::select! {
            biased;
            done = &mut end => return done,
            _ = ticks.tick() => {
                let chain = chain.clone();
                // Programs run in it, for tens of milliseconds where much is queued.
                let made = tokio::task::spawn_blocking(move || {
                    let launches = market.act();
                    chain.step();
                    (market, launches)
                });
                let launches;
                (market, launches) = made.await.unwrap();
                publish(&web, &launches);
            }
        }
    }
}

/// Puts the coins' metadata where their launches say.
fn publish(web: &Web, launches: &[Launch]) {
    for Launch { number, linked, .. } in launches {
        let links = if *linked {
            format!(
                r#""twitter":"https://x.com/local{number}","telegram":"https://t.me/local{number}","website":"https://local{number}.example","#
            )
        } else {
            String::new()
        };
        let text = format!(r#"{{{links}"name":"Local {number}","symbol":"L{number}"}}"#);
        web.put(&format!("/coin/{number:04}.json"), Page::Text(text.into_bytes()));
    }
}

/// Writes a file that only its owner may read.
fn write_secret(path: &Path, text: &str) -> std::io::Result<()> {
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())
}

fn write_folder(folder: &Path, surfaces: &Surfaces, wallet: &Agent, port: u16) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let folder = folder.canonicalize()?;
    let file = |name: &str| folder.join(name);
    for (name, text) in [
        ("rpc", &surfaces.rpc_url),
        ("backup", &surfaces.backup_url),
        ("grpc", &surfaces.grpc_url),
        ("websocket", &surfaces.ws_url),
        ("block-engine", &surfaces.engine.url()),
        ("wallet.json", &serde_json::to_string(&wallet.key().to_vec())?),
    ] {
        write_secret(&file(name), text)?;
    }
    let shown = |name: &str| file(name).display().to_string();
    let config = format!(
        "# Made by momentum-localnet; good for as long as it runs.\n\n\
         [endpoints]\ngrpc = [{:?}]\nwebsocket = {:?}\nrpc = [{:?}, {:?}]\nblock_engine = {:?}\n\n\
         [wallets]\nfiles = [{:?}]\n\n\
         [enrich]\nallow_private = true\nhosts = [\"127.0.0.1\"]\n\n\
         # Metadata are on port {port}.\n",
        shown("grpc"),
        shown("websocket"),
        shown("rpc"),
        shown("backup"),
        shown("block-engine"),
        shown("wallet.json"),
    );
    std::fs::write(file("momentum.toml"), config)
}

fn say(folder: &Path, control: &str, wallet: &Agent) {
    let (folder, wallet) = (folder.display(), wallet.address());
    let common = format!("-c {folder}/momentum.toml -p localnet --network localnet");
    println!(
        "The local chain runs; its wallet is {wallet}. On paper:\n\n  \
         momentum run {common} --mode paper --source grpc\n\n\
         Live, with coins that are worth nothing:\n\n  \
         momentum config arm {common} --mode live --max-loss 1SOL --for 1h --confirm localnet-live\n  \
         momentum run {common} --mode live --source grpc\n\n\
         Trouble by HTTP, a line each (an empty one tells which):\n\n  \
         curl -d 'fate vanishes 3' {control}\n"
    );
}
