//! A wallet of ours on the local chain: its orders are built, signed, run by the real programs and read back.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::sync::OnceLock;

use momentum_chain::endpoints::Account;
use momentum_chain::receipt::{self, Receipt};
use momentum_chain::signer::{SendLimits, Signed, sign};
use momentum_chain::trade::{BuildError, Coin, Recipients, Route, Terms, build};
use momentum_chain::wallets::{WalletKeys, Wallets};
use momentum_core::action::{Basis, Order, Swap};
use momentum_core::event::{Fill, Side};
use momentum_core::ids::{AttemptId, Mint, Pubkey, Slot, Wallet};
use momentum_core::quotes::{CreatorRate, Liquidity, QuoteKind, Rates, Schedules};
use momentum_core::units::{Bps, Lamports, TokenAmount};
use momentum_localnet::chain::{Agent, Chain, Landed, Options, Way};
use momentum_localnet::programs::Build;
use momentum_pump::programs::TIP_ACCOUNTS;
use serde_json::json;
use solana_sdk::signer::Signer;
use solana_sdk::signer::keypair::Keypair;

pub(super) const SOL: u64 = 1_000_000_000;
const SUPPLY: u64 = 1_000_000_000_000_000;
/// Who is tipped here.
pub(super) const TIPPED: Pubkey = TIP_ACCOUNTS[0];

pub(super) struct Stage {
    pub(super) chain: Chain,
    pub(super) agent: Agent,
    pub(super) key: Keypair,
    build: Build,
    wallets: Wallets,
    folder: PathBuf,
}

/// The builds that are to be had: cargo is asked once.
pub(super) fn builds() -> &'static [Build] {
    static AT_HAND: OnceLock<Vec<Build>> = OnceLock::new();
    AT_HAND.get_or_init(|| Build::at_hand().collect())
}

impl Drop for Stage {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.folder));
    }
}

impl Stage {
    /// A chain of each build that is to be had, one after the other.
    pub(super) fn of_each_build(name: &str) -> impl Iterator<Item = Self> {
        builds().iter().map(move |build| Self::of(name, *build))
    }

    /// A chain of a build with our wallet on it, whose key comes out of a file.
    pub(super) fn of(name: &str, build: Build) -> Self {
        // Where a test fails, this says with which build.
        println!("programs of {}", build.version());
        let chain = Chain::new(Options { build, ..Options::default() });
        let agent = chain.agent();
        let key = Keypair::new_from_array([11; 32]);
        let (version, process) = (build.version(), std::process::id());
        let folder = std::env::temp_dir().join(format!("momentum-trades-{name}-{version}-{process}"));
        fs::create_dir_all(&folder).unwrap();
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o700)).unwrap();
        let file = folder.join("wallet.json");
        fs::write(&file, json!(key.to_bytes().to_vec()).to_string()).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
        let wallets = Wallets::load(
            &WalletKeys {
                files: vec![file.display().to_string()],
                passphrase: String::new(),
                cold_address: None,
            },
            None,
        )
        .unwrap();
        let stage = Self { chain, agent, key, build, wallets, folder };
        stage.chain.fund(&stage.wallet().0, 1_000 * SOL);
        stage
    }

    pub(super) fn wallet(&self) -> Wallet {
        Wallet(Pubkey(self.key.pubkey().to_bytes()))
    }

    fn accounts(&self, keys: &[Pubkey]) -> Vec<Option<Account>> {
        let read = |key: &Pubkey| {
            let account = self.chain.account(key)?;
            Some(Account { owner: account.owner, lamports: account.lamports, data: account.data })
        };
        keys.iter().map(read).collect()
    }

    /// The coin as it is now.
    pub(super) fn coin(&self, mint: &Pubkey) -> Coin {
        let accounts = self.accounts(&Coin::needs(Mint(*mint)));
        Coin::read(Mint(*mint), Slot(self.chain.slot()), &accounts).unwrap()
    }

    pub(super) fn terms(&self, route: Route) -> Terms {
        let (blockhash, _) = self.chain.blockhash();
        let recipients = Recipients::read(&self.accounts(&Recipients::needs())).unwrap();
        Terms { blockhash, unit_limit: 300_000, tip_to: Some(TIPPED), recipients, route }
    }

    /// The order for a swap of the coin where it trades now.
    pub(super) fn order(&self, coin: &Coin, swap: Swap) -> Order {
        let (liquidity, rates) = self.quoted(coin);
        Order {
            attempt: AttemptId { number: 1, ..AttemptId::default() },
            mint: coin.mint,
            wallet: self.wallet(),
            swap,
            exit: None,
            bound: Bps(500),
            priority: Lamports(23_456),
            tip: Lamports(34_567),
            urgent: false,
            whole_balance: false,
            draw: 0,
            basis: Basis { liquidity, rates },
        }
    }

    fn quoted(&self, coin: &Coin) -> (Liquidity, Rates) {
        let liquidity = match &coin.pool {
            Some(pool) => Liquidity::Pool(pool.reserves),
            None => Liquidity::Curve(coin.curve),
        };
        let schedules = Schedules::of_2026_10_10();
        let rates = schedules.rates(&liquidity, SUPPLY, QuoteKind::Sol, CreatorRate::Scheduled).unwrap();
        (liquidity, rates)
    }

    /// Why a buy by this route is not even built.
    pub(super) fn not_built(&self, mint: &Pubkey, route: Route) -> BuildError {
        let coin = self.coin(mint);
        let swap = Swap::Buy { spend: Lamports(SOL), min_tokens: TokenAmount(1) };
        build(&self.order(&coin, swap), &coin, &self.terms(route)).unwrap_err()
    }

    /// Builds and signs an order.
    pub(super) fn make(&self, order: &Order, coin: &Coin, terms: &Terms) -> Signed {
        let message = build(order, coin, terms).unwrap();
        let limits = SendLimits {
            spend: Lamports::sol(200),
            fee: Lamports(1_000_000),
            urgent_fee: Lamports(3_000_000),
            cold: None,
        };
        sign(order, &limits, message.as_bytes(), &self.wallets).unwrap()
    }

    /// Builds, signs and runs an order, whatever becomes of it.
    pub(super) fn run(&self, order: &Order, route: Route) -> (Receipt, std::sync::Arc<Landed>) {
        let signed = self.make(order, &self.coin(&order.mint.0), &self.terms(route));
        self.chain.send_unseen(&signed.raw).unwrap();
        self.chain.step();
        let landed = self.chain.landed(&signed.signature).unwrap();
        let mut told = landed.json(true);
        told["slot"] = json!(landed.slot);
        let read = receipt::read(order, &told);
        let read = read.unwrap_or_else(|why| panic!("{why}: {:#?}", landed.logs));
        // A stream tells the same.
        assert_eq!(receipt::read_update(order, &landed.update()).unwrap(), read);
        (read, landed)
    }

    /// Buys for `spend` or sells `tokens`, and compares what the receipt says with the quote and the balance.
    /// Gives the fill, and what opening a creator's vault took.
    pub(super) fn trade(&self, mint: &Pubkey, side: Side, amount: u64, route: Route) -> (Fill, u64) {
        let coin = self.coin(mint);
        let (liquidity, rates) = self.quoted(&coin);
        let (swap, tokens, lamports, fees) = match side {
            Side::Buy => {
                let quoted = liquidity.buy_exact_quote(amount, &rates).unwrap();
                let min_tokens = TokenAmount(quoted.tokens / 100 * 95);
                let swap = Swap::Buy { spend: Lamports(amount), min_tokens };
                (swap, quoted.tokens, quoted.total, quoted.fees)
            }
            Side::Sell => {
                let quoted = liquidity.sell(amount, &rates).unwrap();
                // Opening a vault may take a part of a small sale.
                let min_lamports = Lamports(quoted.out / 100 * 95);
                (Swap::Sell { tokens: TokenAmount(amount), min_lamports }, amount, quoted.out, quoted.fees)
            }
        };
        let order = self.order(&coin, swap);
        let before = self.chain.balance(&self.wallet().0);
        let (receipt, landed) = self.run(&order, route);
        let Receipt::Landed { slot, fill, unwrapped } = receipt else {
            panic!("{receipt:?} {:#?}", landed.logs)
        };
        assert_eq!(slot, Slot(landed.slot));
        assert_eq!((fill.side, fill.tokens), (side, TokenAmount(tokens)), "{route:?}");
        assert_eq!(
            (fill.fees.lp, fill.fees.protocol),
            (fees.lp, fees.protocol),
            "{route:?} {side:?}: {fill:?} {fees:?}"
        );
        // What the creator got beyond the quote is the rent of a vault that was opened.
        let vault = fill.fees.creator - fees.creator;
        let quoted = match side {
            Side::Buy => lamports + vault,
            Side::Sell => lamports - vault,
        };
        assert_eq!(fill.lamports.0, quoted, "{route:?} {side:?}");
        assert_eq!((fill.costs.base, fill.costs.tip), (Lamports(5_000), Lamports(34_567)));
        assert!(fill.costs.priority <= order.priority);
        let went = fill.costs.total().0 + fill.rent_locked.0;
        let after = match side {
            Side::Buy => before - fill.lamports.0 - went,
            Side::Sell => before + fill.lamports.0 - went,
        };
        assert_eq!(self.chain.balance(&self.wallet().0), after + unwrapped.0, "{route:?} {side:?}");
        (fill, vault)
    }

    /// What the wallet holds of a coin.
    pub(super) fn tokens(&self, mint: &Pubkey) -> u64 {
        self.chain.tokens(&self.wallet().0, mint)
    }

    /// A launched coin.
    pub(super) fn launched(&self, spl: bool) -> Pubkey {
        let coin = momentum_localnet::chain::Coin { legacy: spl, ..Default::default() };
        let (mint, launched) = self.agent.launch(&coin);
        let landed = self.agent.done(launched);
        assert_eq!(landed.error, None, "{:#?}", landed.logs);
        mint
    }

    /// Whether a buy of more than a curve has left goes on past its end: the oldest build refuses it.
    pub(super) fn goes_past_the_end(&self) -> bool {
        self.build != Build::V0_2_0
    }

    /// Sells the rest of a curve and opens the pool.
    pub(super) fn graduate(&self, mint: &Pubkey) {
        let bought = if self.goes_past_the_end() {
            self.agent.buy(mint, 120 * SOL, Way::V3)
        } else {
            self.agent.buy_tokens(mint, self.coin(mint).curve.real_token)
        };
        let bought = self.agent.done(bought);
        assert_eq!(bought.error, None, "{:#?}", bought.logs);
        let migrated = self.agent.done(self.agent.migrate(mint));
        assert_eq!(migrated.error, None, "{:#?}", migrated.logs);
    }
}
