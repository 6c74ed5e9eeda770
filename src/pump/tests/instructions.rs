//! Instructions against what was recorded on mainnet.

use momentum_core::ids::Pubkey;
use serde_json::Value;

use crate::address::{associated_token, derive};
use crate::instructions::{
    AmmBuy, AmmSellV2, Buy, CreateV2, MigrateV2, NamedInstruction, Parties, Sell, SellV3, read_instruction,
    shape,
};
use crate::programs::{PUMP, Program, SYSTEM, TOKEN, TOKEN_2022, WRAPPED_SOL};
use crate::test_data;

fn key(value: &Value) -> Pubkey {
    value.as_str().or_else(|| value["pubkey"].as_str()).unwrap().parse().unwrap()
}

fn bytes(hex: &str) -> Vec<u8> {
    (0..hex.len() / 2).map(|at| u8::from_str_radix(&hex[at * 2..at * 2 + 2], 16).unwrap()).collect()
}

struct Recorded {
    id: String,
    program: Program,
    data: Vec<u8>,
    accounts: Vec<Pubkey>,
    whole: Value,
}

fn recorded() -> Option<Vec<Recorded>> {
    let file = test_data::json("fixtures/instructions.json")?;
    let read = |item: &Value| Recorded {
        id: item["id"].as_str().unwrap().to_owned(),
        program: Program::at(&key(&item["program_id"]).0).unwrap(),
        data: bytes(item["data_hex"].as_str().unwrap()),
        accounts: item["accounts"].as_array().into_iter().flatten().map(key).collect(),
        whole: item.clone(),
    };
    Some(file.as_array().unwrap().iter().map(read).collect())
}

fn account(named: &NamedInstruction<'_>, role: &str) -> Option<Pubkey> {
    named.accounts.iter().find(|(at, _)| at.name == role).map(|(_, key)| *key)
}

/// Who takes part, as the recorded accounts tell it. Creators stand in no account: their vaults are taken as
/// they are.
fn parties(named: &NamedInstruction<'_>) -> Parties {
    let find = |roles: &[&str]| roles.iter().find_map(|role| account(named, role));
    Parties {
        user: find(&["user"]).unwrap(),
        mint: find(&["mint", "base_mint"]).unwrap(),
        token_program: find(&["base_token_program", "token_program"]).unwrap_or(TOKEN_2022),
        quote_mint: find(&["quote_mint"]).unwrap_or(SYSTEM),
        quote_token_program: find(&["quote_token_program"]).unwrap_or(TOKEN),
        creator: SYSTEM,
        cashback: false,
        fee_recipient: find(&["fee_recipient", "protocol_fee_recipient"]).unwrap_or_default(),
        buyback_fee_recipient: find(&["buyback_fee_recipient"]).unwrap_or_default(),
        pool: None,
    }
}

#[test]
fn recorded_instructions_have_their_names_arguments_and_roles() {
    type Arguments = &'static [(&'static str, u64)];
    let expected: [(&str, &str, usize, Arguments); 9] = [
        (
            "buy_2026-10-07_in_tx_version_1",
            "buy",
            18,
            &[("amount", 1_437_758_306_576), ("max_sol_cost", 253_607_720)],
        ),
        ("vixen_buy_2026-02-09", "buy", 16, &[("amount", 693_868_985_905), ("max_sol_cost", 55_000_000)]),
        (
            "sell_cashback_2026-07-20",
            "sell",
            17,
            &[("amount", 10_667_046_869_107), ("min_sol_output", 280_538_969)],
        ),
        ("vixen_sell_2026-02-09", "sell", 14, &[("amount", 3_878_351_170_692)]),
        ("migrate_2026-07-20", "migrate", 25, &[]),
        ("create_ix_2025", "create", 14, &[]),
        (
            "amm_buy_2026-09-20_26_accounts",
            "buy",
            26,
            &[("base_amount_out", 204_172_170_954), ("max_quote_amount_in", 20_000_000)],
        ),
        ("amm_buy_with_track_volume_true_2025", "buy", 23, &[("base_amount_out", 104_079_243_172)]),
        ("amm_sell_2026-09-20_24_accounts", "sell", 24, &[("base_amount_in", 10_550_000_000_000)]),
    ];
    let Some(recorded) = recorded() else { return };
    for (id, name, count, arguments) in expected {
        let instruction = recorded.iter().find(|instruction| instruction.id == id).unwrap();
        let Recorded { program, data, accounts, .. } = instruction;
        let named = read_instruction(*program, data, accounts).unwrap().unwrap();
        assert_eq!(named.arguments.name, name, "{id}");
        assert_eq!(named.accounts.len(), count, "{id}");
        assert!(named.accounts.iter().all(|(role, _)| role.name != "remaining"), "{id}: {named:?}");
        let listing = serde_json::to_value(&named.arguments).unwrap();
        for (argument, value) in arguments {
            assert_eq!(listing["decoded"][argument], *value, "{id}: {argument}");
        }
        // Signers and writable accounts, where the recording tells them.
        let metas = instruction.whole["accounts"].as_array().into_iter().flatten();
        for ((role, _), meta) in named.accounts.iter().zip(metas) {
            if let Some(signer) = meta["is_signer"].as_bool() {
                assert_eq!(role.signer, signer, "{id}: {}", role.name);
            }
        }
    }
}

#[test]
fn addresses_of_recorded_instructions_re_derive() {
    let Some(recorded) = recorded() else { return };
    let mut checked = 0;
    for Recorded { id, program, data, accounts, .. } in &recorded {
        let Some(named) = read_instruction(*program, data, accounts) else { continue };
        let named = named.unwrap();
        if accounts.is_empty() {
            continue;
        }
        let parties = parties(&named);
        for (role, key) in &named.accounts {
            // Vaults hang on the creator, whom no account names. A user may trade from any token account, and
            // this sale did.
            if role.name.contains("creator_vault")
                || (id == "sell_cashback_2026-07-20" && role.name == "associated_user")
            {
                continue;
            }
            assert_eq!(parties.account(*program, role.name), Some(*key), "{id}: {}", role.name);
            checked += 1;
        }
    }
    assert!(checked > 150, "{checked}");
}

#[test]
fn a_launch_of_2026_names_a_mayhem_coin() {
    let Some(recorded) = recorded() else { return };
    let launch = recorded.iter().find(|instruction| instruction.id == "create_v2_mayhem_2026-09-10").unwrap();
    let named = read_instruction(Program::Pump, &launch.data, &[]).unwrap().unwrap();
    let arguments = serde_json::to_value(&named.arguments).unwrap();
    assert_eq!(arguments["event"], "create_v2");
    assert_eq!(arguments["decoded"]["is_mayhem_mode"], true);
    assert_eq!(arguments["decoded"]["is_cashback_enabled"], false);
    assert_eq!(arguments["trailing"], "");
    let accounts = &launch.whole["accounts_named"];
    let parties = Parties { mint: key(&accounts["mint"]), user: key(&accounts["user"]), ..example() };
    for role in ["bonding_curve", "associated_bonding_curve", "mayhem_state", "mayhem_token_vault"] {
        assert_eq!(parties.account(Program::Pump, role), Some(key(&accounts[role])), "{role}");
    }
}

#[test]
fn a_retired_instruction_is_unknown() {
    let Some(recorded) = recorded() else { return };
    let withdraw = recorded.iter().find(|instruction| instruction.id == "withdraw_ix_2025").unwrap();
    assert_eq!(read_instruction(withdraw.program, &withdraw.data, &withdraw.accounts), None);
}

fn example() -> Parties {
    Parties {
        user: Pubkey([1; 32]),
        mint: Pubkey([2; 32]),
        token_program: TOKEN_2022,
        quote_mint: SYSTEM,
        quote_token_program: TOKEN,
        creator: Pubkey([3; 32]),
        cashback: false,
        fee_recipient: Pubkey([4; 32]),
        buyback_fee_recipient: Pubkey([5; 32]),
        pool: None,
    }
}

#[test]
fn built_instructions_have_the_newest_number_of_accounts_and_read_back() {
    let cashback = Parties { cashback: true, ..example() };
    let usdc = Parties { quote_mint: Pubkey([9; 32]), ..example() };
    let buy = Buy { amount: 1, max_sol_cost: 2, track_volume: Some(true), partial_fill: None, trailing: &[] };
    let sell = Sell { amount: 1, min_sol_output: 2, trailing: &[] };
    let amm_buy = AmmBuy { base_amount_out: 1, max_quote_amount_in: 2, track_volume: None, trailing: &[] };
    let amm_sell_v2 = AmmSellV2 { base_amount_in: 1, min_quote_amount_out: 2, trailing: &[] };
    let create = CreateV2 {
        name: "n",
        symbol: "s",
        uri: "u",
        creator: Pubkey([3; 32]),
        is_mayhem_mode: false,
        is_cashback_enabled: None,
        creator_fee_bps: None,
        is_holder_reward: None,
        trailing: &[],
    };
    let built = [
        (buy.instruction(&example()), 18),
        (buy.instruction(&cashback), 18),
        (sell.instruction(&example()), 16),
        (sell.instruction(&cashback), 17),
        (SellV3 { amount: 1, min_sol_output: 2, trailing: &[] }.instruction(&example()), 17),
        (amm_buy.instruction(&example()), 26),
        (amm_buy.instruction(&cashback), 27),
        (amm_sell_v2.instruction(&example()), 17),
        (create.instruction(&example()), 16),
        (create.instruction(&usdc), 20),
        (MigrateV2 { trailing: &[] }.instruction(&example()), 29),
    ];
    for (instruction, count) in built {
        let instruction = instruction.unwrap();
        let program = Program::at(&instruction.program.0).unwrap();
        let keys: Vec<Pubkey> = instruction.accounts.iter().map(|account| account.key).collect();
        assert_eq!(keys.len(), count);
        let named = read_instruction(program, &instruction.data, &keys).unwrap().unwrap();
        for (at, (role, _)) in named.accounts.iter().enumerate() {
            assert_eq!(role.signer, instruction.accounts[at].signer, "{}", role.name);
            assert_eq!(role.writable, instruction.accounts[at].writable, "{}", role.name);
        }
        assert_eq!(account(&named, "user"), Some(Pubkey([1; 32])));
        assert!(named.arguments.trailing.is_empty());
    }
}

#[test]
fn older_vintages_name_what_stood_in_the_place_of_the_creator_vault() {
    let data = bytes("66063d1201daebea01000000000000000200000000000000");
    let mut accounts = vec![SYSTEM; 12];
    accounts[9] = crate::programs::RENT;
    let named = read_instruction(Program::Pump, &data, &accounts).unwrap().unwrap();
    assert_eq!(named.accounts[9].0.name, "rent");
    accounts[9] = PUMP;
    let named = read_instruction(Program::Pump, &data, &accounts).unwrap().unwrap();
    assert_eq!(named.accounts[9].0.name, "creator_vault");
    assert!(shape(Program::PumpSwap, &data).is_some_and(|shape| shape.name == "buy"));
    assert!(shape(Program::Pump, &data[..7]).is_none());
}

#[test]
fn a_derived_address_has_the_highest_bump_off_the_curve() {
    let (address, bump) = derive(&PUMP, &[b"bonding-curve", &[2; 32]]).unwrap();
    assert!(bump > 200);
    assert_eq!(address, crate::address::bonding_curve(&Pubkey([2; 32])));
    assert_ne!(
        associated_token(&address, &WRAPPED_SOL, &TOKEN),
        associated_token(&address, &WRAPPED_SOL, &TOKEN_2022)
    );
}
