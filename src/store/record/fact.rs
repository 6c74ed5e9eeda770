//! `momentum.fact.v1`: answers to questions about a token, asked or published unasked by the source. Each has
//! `answer` or says in `unknown` why there is none.

use momentum_core::event::{self, Answer, Enriched, Known, Quote, Unknown};
use momentum_core::ids::{Mint, PoolId, Slot, Wallet};
use momentum_core::quotes;
use momentum_core::time::Timestamp;
use momentum_core::units::{Bps, Lamports, TokenAmount};

use super::market::{Contradiction, CurveReserves, PoolReserves, QuoteName};
use super::shape::Text;
use super::{mirror, object, record};

mirror! {
    /// What the mint account says.
    MintAnswer of event::MintFacts {
        /// Somebody can make more tokens.
        mint_authority: bool = mint_authority,
        /// Somebody can freeze holdings.
        freeze_authority: bool = freeze_authority,
        /// An extension other than MetadataPointer and TokenMetadata, or bytes that did not decode.
        foreign_extension: bool = foreign_extension,
        /// Tokens in existence.
        supply: TokenAmount = supply,
    }
}

object! {
    /// What the curve account says.
    CurveAnswer {
        /// Reserves.
        reserves: CurveReserves,
        /// Sold out.
        complete: bool,
        /// Who earns the creator fee.
        creator: Wallet,
        /// What it is priced in.
        quote: QuoteName,
        /// Mayhem coin.
        mayhem: bool,
        /// The coin's own creator rate, if not zero.
        creator_rate_bps: Option<Bps>,
    }
}

object! {
    /// A holder.
    Holder {
        /// Who.
        wallet: Wallet,
        /// What they hold, in base units.
        token_amount: TokenAmount,
    }
}

mirror! {
    /// Social links in the metadata.
    LinksAnswer of event::Links {
        /// A website.
        website: bool = website,
        /// An X (Twitter) account.
        twitter: bool = twitter,
        /// A Telegram group.
        telegram: bool = telegram,
    }
}

object! {
    /// The token's pool.
    PoolAnswer {
        /// The pool.
        pool: PoolId,
        /// Its reserves.
        reserves: PoolReserves,
    }
}

mirror! {
    /// Rates of a trade.
    RatesObject of quotes::Rates {
        /// To the pool's liquidity.
        lp_bps: Bps = lp,
        /// To the protocol.
        protocol_bps: Bps = protocol,
        /// To the creator.
        creator_bps: Bps = creator,
    }
}

mirror! {
    /// One step of a schedule.
    TierObject of quotes::FeeTier {
        /// Market cap in quote units from which it holds.
        threshold: Text<u128> = threshold,
        /// The rates.
        rates: RatesObject = rates,
    }
}

object! {
    /// The fee schedule of one program.
    ScheduleObject {
        /// Rates where no tier applies.
        flat: RatesObject,
        /// SOL quotes, by market cap.
        tiers: Vec<TierObject>,
        /// Stable quotes, by market cap.
        stable_tiers: Vec<TierObject>,
        /// Other quotes; all zero means `flat`.
        exotic: RatesObject,
    }
}

impl From<quotes::FeeSchedule> for ScheduleObject {
    fn from(schedule: quotes::FeeSchedule) -> Self {
        Self {
            flat: schedule.flat.into(),
            tiers: schedule.tiers.into_iter().map(Into::into).collect(),
            stable_tiers: schedule.stable_tiers.into_iter().map(Into::into).collect(),
            exotic: schedule.exotic.into(),
        }
    }
}

impl From<ScheduleObject> for quotes::FeeSchedule {
    fn from(object: ScheduleObject) -> Self {
        Self {
            flat: object.flat.into(),
            tiers: object.tiers.into_iter().map(Into::into).collect(),
            stable_tiers: object.stable_tiers.into_iter().map(Into::into).collect(),
            exotic: object.exotic.into(),
        }
    }
}

mirror! {
    /// The fee schedules in force.
    FeesAnswer of quotes::Schedules {
        /// Of the bonding curve program.
        curve: ScheduleObject = curve,
        /// Of PumpSwap.
        pool: ScheduleObject = pool,
        /// Whether a coin's own creator rate replaces the schedule's.
        creator_fee_configurable: bool = creator_fee_configurable,
    }
}

mirror! {
    /// Buying at a size and selling back succeeded in one simulated transaction.
    ProofAnswer of event::Proof {
        /// Lamports spent, protocol fees included.
        size_lamports: Lamports = size,
        /// Lamports that the sale brought back.
        proceeds_lamports: Lamports = proceeds,
        /// Compute units of the whole.
        compute_units: u64 = compute_units,
        /// Who earned the creator fee in it.
        creator: Wallet = creator,
    }
}

/// Declares the record of one kind of answer.
macro_rules! fact {
    ($(#[doc = $doc:literal])+ $name:ident as $kind:literal: $answer:ty) => {
        record! {
            $(#[doc = $doc])+
            $name in "momentum.fact.v1" as [$kind] {
                /// The token.
                mint: Mint,
                /// When it was asked, or published unasked.
                asked: Timestamp,
                /// The slot that the answer is true of.
                as_of: Option<Slot>,
                /// The answer, where there is one.
                answer: Option<$answer>,
                /// Why there is none.
                unknown: Option<Unknown>,
            }
        }

        impl $name {
            fn of(about: &Enriched, known: Known<$answer>) -> Self {
                let (mint, asked, as_of) = (about.mint, about.asked, about.as_of);
                let unknown = known.as_ref().err().copied();
                Self { mint, asked, as_of, answer: known.ok(), unknown }
            }

            /// The event, with the answer as the core has it.
            fn enriched(self, answer: impl FnOnce(Known<$answer>) -> Answer) -> Result<Enriched, Contradiction> {
                let known = match (self.answer, self.unknown) {
                    (Some(known), None) => Ok(known),
                    (None, Some(why)) => Err(why),
                    _ => return Err(Contradiction::Answer),
                };
                Ok(Enriched { mint: self.mint, asked: self.asked, as_of: self.as_of, answer: answer(known) })
            }
        }
    };
}

fact! {
    /// Mint authorities and extensions.
    MintFact as "mint": MintAnswer
}
fact! {
    /// The curve account.
    CurveFact as "curve": CurveAnswer
}
fact! {
    /// The largest holders; curve, pool and burn excluded; largest first.
    HoldersFact as "holders": Vec<Holder>
}
fact! {
    /// Social links found in the metadata.
    MetadataFact as "metadata": LinksAnswer
}
fact! {
    /// Members of the Telegram group.
    MembersFact as "members": u32
}
fact! {
    /// The pool and its reserves.
    PoolFact as "pool": PoolAnswer
}
fact! {
    /// The fee schedules of curves and pools.
    FeesFact as "fees": FeesAnswer
}
fact! {
    /// Buying and selling back works at this size.
    ProofFact as "proof": ProofAnswer
}
fact! {
    /// What a transaction of ours would have paid for its place where the token trades, had it paid what most of the
    /// others lately did: lamports.
    PriorityFact as "priority": Lamports
}

/// The body of a fact, ready to be written.
pub(super) enum FactBody {
    Mint(MintFact),
    Curve(CurveFact),
    Holders(HoldersFact),
    Metadata(MetadataFact),
    Members(MembersFact),
    Pool(PoolFact),
    Fees(Box<FeesFact>),
    Proof(ProofFact),
    Priority(PriorityFact),
}

impl FactBody {
    /// What `enriched` looks like.
    pub(super) fn of(enriched: &Enriched) -> Self {
        match enriched.answer.clone() {
            Answer::Mint(known) => Self::Mint(MintFact::of(enriched, known.map(Into::into))),
            Answer::Curve(known) => Self::Curve(CurveFact::of(enriched, known.map(Into::into))),
            Answer::Holders(known) => {
                let holder = |(wallet, token_amount)| Holder { wallet, token_amount };
                let known = known.map(|holders| holders.into_iter().map(holder).collect());
                Self::Holders(HoldersFact::of(enriched, known))
            }
            Answer::Metadata(known) => Self::Metadata(MetadataFact::of(enriched, known.map(Into::into))),
            Answer::Members(known) => Self::Members(MembersFact::of(enriched, known)),
            Answer::Pool(known) => {
                let known = known.map(|(pool, reserves)| PoolAnswer { pool, reserves: reserves.into() });
                Self::Pool(PoolFact::of(enriched, known))
            }
            Answer::Fees(known) => {
                Self::Fees(Box::new(FeesFact::of(enriched, known.map(|schedules| (*schedules).into()))))
            }
            Answer::Proof(known) => Self::Proof(ProofFact::of(enriched, known.map(Into::into))),
            Answer::Priority(known) => Self::Priority(PriorityFact::of(enriched, known)),
        }
    }
}

impl From<event::CurveFacts> for CurveAnswer {
    fn from(facts: event::CurveFacts) -> Self {
        Self {
            reserves: facts.curve.into(),
            complete: facts.complete,
            creator: facts.creator,
            quote: facts.quote.into(),
            mayhem: facts.mayhem,
            creator_rate_bps: facts.creator_rate,
        }
    }
}

impl From<CurveAnswer> for event::CurveFacts {
    fn from(answer: CurveAnswer) -> Self {
        Self {
            curve: answer.reserves.into(),
            complete: answer.complete,
            creator: answer.creator,
            quote: Quote::from(answer.quote),
            mayhem: answer.mayhem,
            creator_rate: answer.creator_rate_bps,
        }
    }
}

/// Reads records of facts back.
macro_rules! facts {
    ($($name:ident: $answer:ident, |$known:ident| $value:expr;)*) => {$(
        impl TryFrom<$name> for Enriched {
            type Error = Contradiction;
            fn try_from(record: $name) -> Result<Self, Contradiction> {
                record.enriched(|known| Answer::$answer(known.map(|$known| $value)))
            }
        }
    )*};
}

facts! {
    MintFact: Mint, |mint| mint.into();
    CurveFact: Curve, |curve| curve.into();
    HoldersFact: Holders, |holders| holders.into_iter().map(|h| (h.wallet, h.token_amount)).collect();
    MetadataFact: Metadata, |links| links.into();
    MembersFact: Members, |members| members;
    PoolFact: Pool, |pool| (pool.pool, pool.reserves.into());
    FeesFact: Fees, |fees| Box::new(fees.into());
    ProofFact: Proof, |proof| proof.into();
    PriorityFact: Priority, |fee| fee;
}
