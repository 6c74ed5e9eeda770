# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_momentum_global_optspecs
    string join \n c/config= p/profile= set= data-dir= db= instance= o/output= json fields= q/quiet color= y/yes confirm= no-input timeout= no-progress h/help V/version
end

function __fish_momentum_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_momentum_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_momentum_using_subcommand
    set -l cmd (__fish_momentum_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c momentum -n "__fish_momentum_needs_command" -s c -l config -d 'Settings file; repeatable [default: momentum.toml here, if there is one]' -r -F
complete -c momentum -n "__fish_momentum_needs_command" -s p -l profile -d 'Profile of settings: cautious, or profiles/NAME.toml beside a settings file' -r
complete -c momentum -n "__fish_momentum_needs_command" -l set -d 'One setting, over all files: risk.max_position=0.2SOL; repeatable' -r
complete -c momentum -n "__fish_momentum_needs_command" -l data-dir -d 'Folder of the books [default: momentum in the folder of your data, ~/.local/share]' -r -F
complete -c momentum -n "__fish_momentum_needs_command" -l db -d 'Database of the book: sqlite:FILE, or postgres://HOST/NAME without a password [default: a file in its folder]' -r
complete -c momentum -n "__fish_momentum_needs_command" -l instance -d 'Which of several bots on the same network and in the same mode' -r
complete -c momentum -n "__fish_momentum_needs_command" -s o -l output -d 'Form of the output' -r -f -a "table\t'For people, as wide as the terminal'
wide\t'The same with all columns, nothing shortened'
json\t'One JSON value; a stream is one object a line'
jsonl\t'One JSON object a line'
csv\t'Comma-separated, with a head line'
name\t'Only the name of each record'"
complete -c momentum -n "__fish_momentum_needs_command" -l fields -d 'Only these fields of each record, as kind,mint,reserves.real_quote' -r
complete -c momentum -n "__fish_momentum_needs_command" -l color -d 'Colour; auto heeds NO_COLOR and uses it on a terminal only' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c momentum -n "__fish_momentum_needs_command" -l confirm -d 'The text that would have to be typed' -r
complete -c momentum -n "__fish_momentum_needs_command" -l timeout -d 'How long a running bot may take to answer' -r
complete -c momentum -n "__fish_momentum_needs_command" -l json -d 'The same as -o json, errors too'
complete -c momentum -n "__fish_momentum_needs_command" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c momentum -n "__fish_momentum_needs_command" -s y -l yes -d 'Yes to what is asked with y/N'
complete -c momentum -n "__fish_momentum_needs_command" -l no-input -d 'Ask nothing: what would be asked is an error'
complete -c momentum -n "__fish_momentum_needs_command" -l no-progress -d 'No progress bars'
complete -c momentum -n "__fish_momentum_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c momentum -n "__fish_momentum_needs_command" -s V -l version -d 'Print version'
complete -c momentum -n "__fish_momentum_needs_command" -f -a "run" -d 'The whole bot: streams, scores, trades on paper'
complete -c momentum -n "__fish_momentum_needs_command" -f -a "monitor" -d 'What happens on chain, as records: the first stage of the pipe'
complete -c momentum -n "__fish_momentum_needs_command" -f -a "score" -d 'Scores the tokens of a pipe (its second stage), or explains the score of one token'
complete -c momentum -n "__fish_momentum_needs_command" -f -a "trade" -d 'Prices a swap, buys and sells by hand, trades the signals of a pipe'
complete -c momentum -n "__fish_momentum_needs_command" -f -a "positions" -d 'What is held, and what you want of it'
complete -c momentum -n "__fish_momentum_needs_command" -f -a "killswitch" -d 'Stops buying, sells everything, or stops all: with the bot up, hung or dead'
complete -c momentum -n "__fish_momentum_needs_command" -f -a "health" -d 'Whether the bot does its work, by words and by exit status'
complete -c momentum -n "__fish_momentum_needs_command" -f -a "backtest" -d 'What the strategy would have done'
complete -c momentum -n "__fish_momentum_needs_command" -f -a "migrate" -d 'The database: its schema, backups, whether it is whole'
complete -c momentum -n "__fish_momentum_needs_command" -f -a "config" -d 'Settings: write a file, see what is in force and why, check'
complete -c momentum -n "__fish_momentum_needs_command" -f -a "completions" -d 'Completion scripts for shells, and man pages'
complete -c momentum -n "__fish_momentum_using_subcommand run" -l source -d 'The embedded market (SIMULATED), or a recording (needs --replay)' -r -f -a "grpc\t'A live stream: Yellowstone gRPC, with the WebSocket behind it'
ws\t'A live stream: a node\'s WebSocket only'
sim\t'The embedded market'
replay\t'A recording'"
complete -c momentum -n "__fish_momentum_using_subcommand run" -l replay -d 'A recording, recorded transactions or event records: a file, or a folder' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand run" -l seed -d 'Names the embedded market\'s stream: the same seed gives the same stream' -r
complete -c momentum -n "__fish_momentum_using_subcommand run" -l speed -d 'Market seconds per second, or max [default: sim.speed in the embedded market, max in a replay]' -r
complete -c momentum -n "__fish_momentum_using_subcommand run" -l until -d 'End after so much market time (90min, 24h; warm-up included) or at a time (2026-01-01T06:00:00Z)' -r
complete -c momentum -n "__fish_momentum_using_subcommand run" -l mode -d 'paper: simulated fills. dry-run: every gate, no orders. live: real money' -r -f -a "paper\t'Filled by the simulated venue'
dry-run\t'No orders: what would be bought is recorded'
live\t'Real orders with real money'"
complete -c momentum -n "__fish_momentum_using_subcommand run" -l on-exit -d 'What becomes of open positions at the end' -r -f -a "hold\t'They stay open'
flatten\t'They are sold first'"
complete -c momentum -n "__fish_momentum_using_subcommand run" -l record -d 'Record every event and decision, as a session of this folder' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand run" -l network -d 'Network of a live stream\'s book [default: mainnet]' -r
complete -c momentum -n "__fish_momentum_using_subcommand run" -s c -l config -d 'Settings file; repeatable [default: momentum.toml here, if there is one]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand run" -s p -l profile -d 'Profile of settings: cautious, or profiles/NAME.toml beside a settings file' -r
complete -c momentum -n "__fish_momentum_using_subcommand run" -l set -d 'One setting, over all files: risk.max_position=0.2SOL; repeatable' -r
complete -c momentum -n "__fish_momentum_using_subcommand run" -l data-dir -d 'Folder of the books [default: momentum in the folder of your data, ~/.local/share]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand run" -l db -d 'Database of the book: sqlite:FILE, or postgres://HOST/NAME without a password [default: a file in its folder]' -r
complete -c momentum -n "__fish_momentum_using_subcommand run" -l instance -d 'Which of several bots on the same network and in the same mode' -r
complete -c momentum -n "__fish_momentum_using_subcommand run" -s o -l output -d 'Form of the output' -r -f -a "table\t'For people, as wide as the terminal'
wide\t'The same with all columns, nothing shortened'
json\t'One JSON value; a stream is one object a line'
jsonl\t'One JSON object a line'
csv\t'Comma-separated, with a head line'
name\t'Only the name of each record'"
complete -c momentum -n "__fish_momentum_using_subcommand run" -l fields -d 'Only these fields of each record, as kind,mint,reserves.real_quote' -r
complete -c momentum -n "__fish_momentum_using_subcommand run" -l color -d 'Colour; auto heeds NO_COLOR and uses it on a terminal only' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c momentum -n "__fish_momentum_using_subcommand run" -l confirm -d 'The text that would have to be typed' -r
complete -c momentum -n "__fish_momentum_using_subcommand run" -l timeout -d 'How long a running bot may take to answer' -r
complete -c momentum -n "__fish_momentum_using_subcommand run" -l memory -d 'Keep nothing: no book, no database'
complete -c momentum -n "__fish_momentum_using_subcommand run" -l fresh -d 'Begin anew: the book that is there is kept beside it'
complete -c momentum -n "__fish_momentum_using_subcommand run" -l json -d 'The same as -o json, errors too'
complete -c momentum -n "__fish_momentum_using_subcommand run" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c momentum -n "__fish_momentum_using_subcommand run" -s y -l yes -d 'Yes to what is asked with y/N'
complete -c momentum -n "__fish_momentum_using_subcommand run" -l no-input -d 'Ask nothing: what would be asked is an error'
complete -c momentum -n "__fish_momentum_using_subcommand run" -l no-progress -d 'No progress bars'
complete -c momentum -n "__fish_momentum_using_subcommand run" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c momentum -n "__fish_momentum_using_subcommand monitor" -l source -d 'The embedded market (SIMULATED), or a recording (needs --replay)' -r -f -a "grpc\t'A live stream: Yellowstone gRPC, with the WebSocket behind it'
ws\t'A live stream: a node\'s WebSocket only'
sim\t'The embedded market'
replay\t'A recording'"
complete -c momentum -n "__fish_momentum_using_subcommand monitor" -l replay -d 'A recording, recorded transactions or event records: a file, or a folder' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand monitor" -l seed -d 'Names the embedded market\'s stream: the same seed gives the same stream' -r
complete -c momentum -n "__fish_momentum_using_subcommand monitor" -l speed -d 'Market seconds per second, or max [default: sim.speed in the embedded market, max in a replay]' -r
complete -c momentum -n "__fish_momentum_using_subcommand monitor" -l until -d 'End after so much market time (90min, 24h; warm-up included) or at a time (2026-01-01T06:00:00Z)' -r
complete -c momentum -n "__fish_momentum_using_subcommand monitor" -s c -l config -d 'Settings file; repeatable [default: momentum.toml here, if there is one]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand monitor" -s p -l profile -d 'Profile of settings: cautious, or profiles/NAME.toml beside a settings file' -r
complete -c momentum -n "__fish_momentum_using_subcommand monitor" -l set -d 'One setting, over all files: risk.max_position=0.2SOL; repeatable' -r
complete -c momentum -n "__fish_momentum_using_subcommand monitor" -l data-dir -d 'Folder of the books [default: momentum in the folder of your data, ~/.local/share]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand monitor" -l db -d 'Database of the book: sqlite:FILE, or postgres://HOST/NAME without a password [default: a file in its folder]' -r
complete -c momentum -n "__fish_momentum_using_subcommand monitor" -l instance -d 'Which of several bots on the same network and in the same mode' -r
complete -c momentum -n "__fish_momentum_using_subcommand monitor" -s o -l output -d 'Form of the output' -r -f -a "table\t'For people, as wide as the terminal'
wide\t'The same with all columns, nothing shortened'
json\t'One JSON value; a stream is one object a line'
jsonl\t'One JSON object a line'
csv\t'Comma-separated, with a head line'
name\t'Only the name of each record'"
complete -c momentum -n "__fish_momentum_using_subcommand monitor" -l fields -d 'Only these fields of each record, as kind,mint,reserves.real_quote' -r
complete -c momentum -n "__fish_momentum_using_subcommand monitor" -l color -d 'Colour; auto heeds NO_COLOR and uses it on a terminal only' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c momentum -n "__fish_momentum_using_subcommand monitor" -l confirm -d 'The text that would have to be typed' -r
complete -c momentum -n "__fish_momentum_using_subcommand monitor" -l timeout -d 'How long a running bot may take to answer' -r
complete -c momentum -n "__fish_momentum_using_subcommand monitor" -l raw -d 'The programs\' own events, every field as it is on chain (needs --replay of transactions)'
complete -c momentum -n "__fish_momentum_using_subcommand monitor" -l json -d 'The same as -o json, errors too'
complete -c momentum -n "__fish_momentum_using_subcommand monitor" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c momentum -n "__fish_momentum_using_subcommand monitor" -s y -l yes -d 'Yes to what is asked with y/N'
complete -c momentum -n "__fish_momentum_using_subcommand monitor" -l no-input -d 'Ask nothing: what would be asked is an error'
complete -c momentum -n "__fish_momentum_using_subcommand monitor" -l no-progress -d 'No progress bars'
complete -c momentum -n "__fish_momentum_using_subcommand monitor" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c momentum -n "__fish_momentum_using_subcommand score" -l on-error -d 'What becomes of a line that is no record' -r -f -a "stop\t'It is named and ends the work (exit 65)'
skip\t'It is left out and counted'"
complete -c momentum -n "__fish_momentum_using_subcommand score" -l network -d 'Network of the book: mainnet, devnet, localnet, sim' -r
complete -c momentum -n "__fish_momentum_using_subcommand score" -l mode -d 'Mode of the book' -r -f -a "paper\t'Simulated fills'
dry-run\t'No orders'
live\t'Real money'"
complete -c momentum -n "__fish_momentum_using_subcommand score" -s c -l config -d 'Settings file; repeatable [default: momentum.toml here, if there is one]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand score" -s p -l profile -d 'Profile of settings: cautious, or profiles/NAME.toml beside a settings file' -r
complete -c momentum -n "__fish_momentum_using_subcommand score" -l set -d 'One setting, over all files: risk.max_position=0.2SOL; repeatable' -r
complete -c momentum -n "__fish_momentum_using_subcommand score" -l data-dir -d 'Folder of the books [default: momentum in the folder of your data, ~/.local/share]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand score" -l db -d 'Database of the book: sqlite:FILE, or postgres://HOST/NAME without a password [default: a file in its folder]' -r
complete -c momentum -n "__fish_momentum_using_subcommand score" -l instance -d 'Which of several bots on the same network and in the same mode' -r
complete -c momentum -n "__fish_momentum_using_subcommand score" -s o -l output -d 'Form of the output' -r -f -a "table\t'For people, as wide as the terminal'
wide\t'The same with all columns, nothing shortened'
json\t'One JSON value; a stream is one object a line'
jsonl\t'One JSON object a line'
csv\t'Comma-separated, with a head line'
name\t'Only the name of each record'"
complete -c momentum -n "__fish_momentum_using_subcommand score" -l fields -d 'Only these fields of each record, as kind,mint,reserves.real_quote' -r
complete -c momentum -n "__fish_momentum_using_subcommand score" -l color -d 'Colour; auto heeds NO_COLOR and uses it on a terminal only' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c momentum -n "__fish_momentum_using_subcommand score" -l confirm -d 'The text that would have to be typed' -r
complete -c momentum -n "__fish_momentum_using_subcommand score" -l timeout -d 'How long a running bot may take to answer' -r
complete -c momentum -n "__fish_momentum_using_subcommand score" -l explain -d 'Each part of each score: inputs, age, source, tier met, distance to the next'
complete -c momentum -n "__fish_momentum_using_subcommand score" -l signals-only -d 'Only the entry signals'
complete -c momentum -n "__fish_momentum_using_subcommand score" -l json -d 'The same as -o json, errors too'
complete -c momentum -n "__fish_momentum_using_subcommand score" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c momentum -n "__fish_momentum_using_subcommand score" -s y -l yes -d 'Yes to what is asked with y/N'
complete -c momentum -n "__fish_momentum_using_subcommand score" -l no-input -d 'Ask nothing: what would be asked is an error'
complete -c momentum -n "__fish_momentum_using_subcommand score" -l no-progress -d 'No progress bars'
complete -c momentum -n "__fish_momentum_using_subcommand score" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c momentum -n "__fish_momentum_using_subcommand trade; and not __fish_seen_subcommand_from quote buy sell status blacklist from" -s c -l config -d 'Settings file; repeatable [default: momentum.toml here, if there is one]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand trade; and not __fish_seen_subcommand_from quote buy sell status blacklist from" -s p -l profile -d 'Profile of settings: cautious, or profiles/NAME.toml beside a settings file' -r
complete -c momentum -n "__fish_momentum_using_subcommand trade; and not __fish_seen_subcommand_from quote buy sell status blacklist from" -l set -d 'One setting, over all files: risk.max_position=0.2SOL; repeatable' -r
complete -c momentum -n "__fish_momentum_using_subcommand trade; and not __fish_seen_subcommand_from quote buy sell status blacklist from" -l data-dir -d 'Folder of the books [default: momentum in the folder of your data, ~/.local/share]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand trade; and not __fish_seen_subcommand_from quote buy sell status blacklist from" -l db -d 'Database of the book: sqlite:FILE, or postgres://HOST/NAME without a password [default: a file in its folder]' -r
complete -c momentum -n "__fish_momentum_using_subcommand trade; and not __fish_seen_subcommand_from quote buy sell status blacklist from" -l instance -d 'Which of several bots on the same network and in the same mode' -r
complete -c momentum -n "__fish_momentum_using_subcommand trade; and not __fish_seen_subcommand_from quote buy sell status blacklist from" -s o -l output -d 'Form of the output' -r -f -a "table\t'For people, as wide as the terminal'
wide\t'The same with all columns, nothing shortened'
json\t'One JSON value; a stream is one object a line'
jsonl\t'One JSON object a line'
csv\t'Comma-separated, with a head line'
name\t'Only the name of each record'"
complete -c momentum -n "__fish_momentum_using_subcommand trade; and not __fish_seen_subcommand_from quote buy sell status blacklist from" -l fields -d 'Only these fields of each record, as kind,mint,reserves.real_quote' -r
complete -c momentum -n "__fish_momentum_using_subcommand trade; and not __fish_seen_subcommand_from quote buy sell status blacklist from" -l color -d 'Colour; auto heeds NO_COLOR and uses it on a terminal only' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c momentum -n "__fish_momentum_using_subcommand trade; and not __fish_seen_subcommand_from quote buy sell status blacklist from" -l confirm -d 'The text that would have to be typed' -r
complete -c momentum -n "__fish_momentum_using_subcommand trade; and not __fish_seen_subcommand_from quote buy sell status blacklist from" -l timeout -d 'How long a running bot may take to answer' -r
complete -c momentum -n "__fish_momentum_using_subcommand trade; and not __fish_seen_subcommand_from quote buy sell status blacklist from" -l json -d 'The same as -o json, errors too'
complete -c momentum -n "__fish_momentum_using_subcommand trade; and not __fish_seen_subcommand_from quote buy sell status blacklist from" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c momentum -n "__fish_momentum_using_subcommand trade; and not __fish_seen_subcommand_from quote buy sell status blacklist from" -s y -l yes -d 'Yes to what is asked with y/N'
complete -c momentum -n "__fish_momentum_using_subcommand trade; and not __fish_seen_subcommand_from quote buy sell status blacklist from" -l no-input -d 'Ask nothing: what would be asked is an error'
complete -c momentum -n "__fish_momentum_using_subcommand trade; and not __fish_seen_subcommand_from quote buy sell status blacklist from" -l no-progress -d 'No progress bars'
complete -c momentum -n "__fish_momentum_using_subcommand trade; and not __fish_seen_subcommand_from quote buy sell status blacklist from" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c momentum -n "__fish_momentum_using_subcommand trade; and not __fish_seen_subcommand_from quote buy sell status blacklist from" -f -a "quote" -d 'Prices a swap, of a token that the bot tracks or at reserves that you give: exact to the lamport'
complete -c momentum -n "__fish_momentum_using_subcommand trade; and not __fish_seen_subcommand_from quote buy sell status blacklist from" -f -a "buy" -d 'Buys by hand, through every gate'
complete -c momentum -n "__fish_momentum_using_subcommand trade; and not __fish_seen_subcommand_from quote buy sell status blacklist from" -f -a "sell" -d 'Sells by hand'
complete -c momentum -n "__fish_momentum_using_subcommand trade; and not __fish_seen_subcommand_from quote buy sell status blacklist from" -f -a "status" -d 'What is in flight: attempts that the chain has not ended yet'
complete -c momentum -n "__fish_momentum_using_subcommand trade; and not __fish_seen_subcommand_from quote buy sell status blacklist from" -f -a "blacklist" -d 'Tokens and creators that are never entered'
complete -c momentum -n "__fish_momentum_using_subcommand trade; and not __fish_seen_subcommand_from quote buy sell status blacklist from" -f -a "from" -d 'Trades the entry signals of a pipe on paper: the whole engine behind `momentum score -`'
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from quote" -l curve -d 'A bonding curve: virtual quote, virtual tokens, real quote, real tokens' -r
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from quote" -l pool -d 'A PumpSwap pool: tokens, quote vault, virtual quote (may be negative)' -r
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from quote" -l fees -d 'Fee rates in basis points: PROTOCOL,CREATOR on a curve, LP,PROTOCOL,CREATOR on a pool' -r
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from quote" -l network -d 'Network of the book: mainnet, devnet, localnet, sim' -r
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from quote" -l mode -d 'Mode of the book' -r -f -a "paper\t'Simulated fills'
dry-run\t'No orders'
live\t'Real money'"
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from quote" -s c -l config -d 'Settings file; repeatable [default: momentum.toml here, if there is one]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from quote" -s p -l profile -d 'Profile of settings: cautious, or profiles/NAME.toml beside a settings file' -r
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from quote" -l set -d 'One setting, over all files: risk.max_position=0.2SOL; repeatable' -r
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from quote" -l data-dir -d 'Folder of the books [default: momentum in the folder of your data, ~/.local/share]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from quote" -l db -d 'Database of the book: sqlite:FILE, or postgres://HOST/NAME without a password [default: a file in its folder]' -r
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from quote" -l instance -d 'Which of several bots on the same network and in the same mode' -r
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from quote" -s o -l output -d 'Form of the output' -r -f -a "table\t'For people, as wide as the terminal'
wide\t'The same with all columns, nothing shortened'
json\t'One JSON value; a stream is one object a line'
jsonl\t'One JSON object a line'
csv\t'Comma-separated, with a head line'
name\t'Only the name of each record'"
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from quote" -l fields -d 'Only these fields of each record, as kind,mint,reserves.real_quote' -r
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from quote" -l color -d 'Colour; auto heeds NO_COLOR and uses it on a terminal only' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from quote" -l confirm -d 'The text that would have to be typed' -r
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from quote" -l timeout -d 'How long a running bot may take to answer' -r
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from quote" -l json -d 'The same as -o json, errors too'
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from quote" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from quote" -s y -l yes -d 'Yes to what is asked with y/N'
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from quote" -l no-input -d 'Ask nothing: what would be asked is an error'
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from quote" -l no-progress -d 'No progress bars'
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from quote" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from buy" -l why -d 'Why, for the audit' -r
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from buy" -l network -d 'Network of the book: mainnet, devnet, localnet, sim' -r
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from buy" -l mode -d 'Mode of the book' -r -f -a "paper\t'Simulated fills'
dry-run\t'No orders'
live\t'Real money'"
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from buy" -s c -l config -d 'Settings file; repeatable [default: momentum.toml here, if there is one]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from buy" -s p -l profile -d 'Profile of settings: cautious, or profiles/NAME.toml beside a settings file' -r
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from buy" -l set -d 'One setting, over all files: risk.max_position=0.2SOL; repeatable' -r
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from buy" -l data-dir -d 'Folder of the books [default: momentum in the folder of your data, ~/.local/share]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from buy" -l db -d 'Database of the book: sqlite:FILE, or postgres://HOST/NAME without a password [default: a file in its folder]' -r
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from buy" -l instance -d 'Which of several bots on the same network and in the same mode' -r
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from buy" -s o -l output -d 'Form of the output' -r -f -a "table\t'For people, as wide as the terminal'
wide\t'The same with all columns, nothing shortened'
json\t'One JSON value; a stream is one object a line'
jsonl\t'One JSON object a line'
csv\t'Comma-separated, with a head line'
name\t'Only the name of each record'"
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from buy" -l fields -d 'Only these fields of each record, as kind,mint,reserves.real_quote' -r
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from buy" -l color -d 'Colour; auto heeds NO_COLOR and uses it on a terminal only' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from buy" -l confirm -d 'The text that would have to be typed' -r
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from buy" -l timeout -d 'How long a running bot may take to answer' -r
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from buy" -l json -d 'The same as -o json, errors too'
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from buy" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from buy" -s y -l yes -d 'Yes to what is asked with y/N'
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from buy" -l no-input -d 'Ask nothing: what would be asked is an error'
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from buy" -l no-progress -d 'No progress bars'
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from buy" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from sell" -l wait -d 'How long to go on where no bot does it' -r
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from sell" -l why -d 'Why, for the audit' -r
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from sell" -l network -d 'Network of the book: mainnet, devnet, localnet, sim' -r
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from sell" -l mode -d 'Mode of the book' -r -f -a "paper\t'Simulated fills'
dry-run\t'No orders'
live\t'Real money'"
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from sell" -s c -l config -d 'Settings file; repeatable [default: momentum.toml here, if there is one]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from sell" -s p -l profile -d 'Profile of settings: cautious, or profiles/NAME.toml beside a settings file' -r
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from sell" -l set -d 'One setting, over all files: risk.max_position=0.2SOL; repeatable' -r
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from sell" -l data-dir -d 'Folder of the books [default: momentum in the folder of your data, ~/.local/share]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from sell" -l db -d 'Database of the book: sqlite:FILE, or postgres://HOST/NAME without a password [default: a file in its folder]' -r
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from sell" -l instance -d 'Which of several bots on the same network and in the same mode' -r
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from sell" -s o -l output -d 'Form of the output' -r -f -a "table\t'For people, as wide as the terminal'
wide\t'The same with all columns, nothing shortened'
json\t'One JSON value; a stream is one object a line'
jsonl\t'One JSON object a line'
csv\t'Comma-separated, with a head line'
name\t'Only the name of each record'"
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from sell" -l fields -d 'Only these fields of each record, as kind,mint,reserves.real_quote' -r
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from sell" -l color -d 'Colour; auto heeds NO_COLOR and uses it on a terminal only' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from sell" -l confirm -d 'The text that would have to be typed' -r
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from sell" -l timeout -d 'How long a running bot may take to answer' -r
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from sell" -l all -d 'All of them'
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from sell" -l urgent -d 'With urgent fees, and a bound that widens until it is sold'
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from sell" -l json -d 'The same as -o json, errors too'
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from sell" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from sell" -s y -l yes -d 'Yes to what is asked with y/N'
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from sell" -l no-input -d 'Ask nothing: what would be asked is an error'
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from sell" -l no-progress -d 'No progress bars'
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from sell" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from status" -l network -d 'Network of the book: mainnet, devnet, localnet, sim' -r
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from status" -l mode -d 'Mode of the book' -r -f -a "paper\t'Simulated fills'
dry-run\t'No orders'
live\t'Real money'"
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from status" -s c -l config -d 'Settings file; repeatable [default: momentum.toml here, if there is one]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from status" -s p -l profile -d 'Profile of settings: cautious, or profiles/NAME.toml beside a settings file' -r
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from status" -l set -d 'One setting, over all files: risk.max_position=0.2SOL; repeatable' -r
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from status" -l data-dir -d 'Folder of the books [default: momentum in the folder of your data, ~/.local/share]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from status" -l db -d 'Database of the book: sqlite:FILE, or postgres://HOST/NAME without a password [default: a file in its folder]' -r
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from status" -l instance -d 'Which of several bots on the same network and in the same mode' -r
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from status" -s o -l output -d 'Form of the output' -r -f -a "table\t'For people, as wide as the terminal'
wide\t'The same with all columns, nothing shortened'
json\t'One JSON value; a stream is one object a line'
jsonl\t'One JSON object a line'
csv\t'Comma-separated, with a head line'
name\t'Only the name of each record'"
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from status" -l fields -d 'Only these fields of each record, as kind,mint,reserves.real_quote' -r
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from status" -l color -d 'Colour; auto heeds NO_COLOR and uses it on a terminal only' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from status" -l confirm -d 'The text that would have to be typed' -r
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from status" -l timeout -d 'How long a running bot may take to answer' -r
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from status" -l json -d 'The same as -o json, errors too'
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from status" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from status" -s y -l yes -d 'Yes to what is asked with y/N'
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from status" -l no-input -d 'Ask nothing: what would be asked is an error'
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from status" -l no-progress -d 'No progress bars'
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from blacklist" -s c -l config -d 'Settings file; repeatable [default: momentum.toml here, if there is one]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from blacklist" -s p -l profile -d 'Profile of settings: cautious, or profiles/NAME.toml beside a settings file' -r
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from blacklist" -l set -d 'One setting, over all files: risk.max_position=0.2SOL; repeatable' -r
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from blacklist" -l data-dir -d 'Folder of the books [default: momentum in the folder of your data, ~/.local/share]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from blacklist" -l db -d 'Database of the book: sqlite:FILE, or postgres://HOST/NAME without a password [default: a file in its folder]' -r
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from blacklist" -l instance -d 'Which of several bots on the same network and in the same mode' -r
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from blacklist" -s o -l output -d 'Form of the output' -r -f -a "table\t'For people, as wide as the terminal'
wide\t'The same with all columns, nothing shortened'
json\t'One JSON value; a stream is one object a line'
jsonl\t'One JSON object a line'
csv\t'Comma-separated, with a head line'
name\t'Only the name of each record'"
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from blacklist" -l fields -d 'Only these fields of each record, as kind,mint,reserves.real_quote' -r
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from blacklist" -l color -d 'Colour; auto heeds NO_COLOR and uses it on a terminal only' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from blacklist" -l confirm -d 'The text that would have to be typed' -r
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from blacklist" -l timeout -d 'How long a running bot may take to answer' -r
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from blacklist" -l json -d 'The same as -o json, errors too'
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from blacklist" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from blacklist" -s y -l yes -d 'Yes to what is asked with y/N'
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from blacklist" -l no-input -d 'Ask nothing: what would be asked is an error'
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from blacklist" -l no-progress -d 'No progress bars'
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from blacklist" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from blacklist" -f -a "add" -d 'Never enter this token, or tokens of this creator'
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from blacklist" -f -a "remove" -d 'Takes it off the list'
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from blacklist" -f -a "list" -d 'What is on it'
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from from" -l on-error -d 'What becomes of a line that is no record' -r -f -a "stop\t'It is named and ends the work (exit 65)'
skip\t'It is left out and counted'"
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from from" -s c -l config -d 'Settings file; repeatable [default: momentum.toml here, if there is one]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from from" -s p -l profile -d 'Profile of settings: cautious, or profiles/NAME.toml beside a settings file' -r
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from from" -l set -d 'One setting, over all files: risk.max_position=0.2SOL; repeatable' -r
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from from" -l data-dir -d 'Folder of the books [default: momentum in the folder of your data, ~/.local/share]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from from" -l db -d 'Database of the book: sqlite:FILE, or postgres://HOST/NAME without a password [default: a file in its folder]' -r
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from from" -l instance -d 'Which of several bots on the same network and in the same mode' -r
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from from" -s o -l output -d 'Form of the output' -r -f -a "table\t'For people, as wide as the terminal'
wide\t'The same with all columns, nothing shortened'
json\t'One JSON value; a stream is one object a line'
jsonl\t'One JSON object a line'
csv\t'Comma-separated, with a head line'
name\t'Only the name of each record'"
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from from" -l fields -d 'Only these fields of each record, as kind,mint,reserves.real_quote' -r
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from from" -l color -d 'Colour; auto heeds NO_COLOR and uses it on a terminal only' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from from" -l confirm -d 'The text that would have to be typed' -r
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from from" -l timeout -d 'How long a running bot may take to answer' -r
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from from" -l json -d 'The same as -o json, errors too'
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from from" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from from" -s y -l yes -d 'Yes to what is asked with y/N'
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from from" -l no-input -d 'Ask nothing: what would be asked is an error'
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from from" -l no-progress -d 'No progress bars'
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from from" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c momentum -n "__fish_momentum_using_subcommand positions; and not __fish_seen_subcommand_from list show close hold release adjust export adopt reconcile sweep write-off" -s c -l config -d 'Settings file; repeatable [default: momentum.toml here, if there is one]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand positions; and not __fish_seen_subcommand_from list show close hold release adjust export adopt reconcile sweep write-off" -s p -l profile -d 'Profile of settings: cautious, or profiles/NAME.toml beside a settings file' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and not __fish_seen_subcommand_from list show close hold release adjust export adopt reconcile sweep write-off" -l set -d 'One setting, over all files: risk.max_position=0.2SOL; repeatable' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and not __fish_seen_subcommand_from list show close hold release adjust export adopt reconcile sweep write-off" -l data-dir -d 'Folder of the books [default: momentum in the folder of your data, ~/.local/share]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand positions; and not __fish_seen_subcommand_from list show close hold release adjust export adopt reconcile sweep write-off" -l db -d 'Database of the book: sqlite:FILE, or postgres://HOST/NAME without a password [default: a file in its folder]' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and not __fish_seen_subcommand_from list show close hold release adjust export adopt reconcile sweep write-off" -l instance -d 'Which of several bots on the same network and in the same mode' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and not __fish_seen_subcommand_from list show close hold release adjust export adopt reconcile sweep write-off" -s o -l output -d 'Form of the output' -r -f -a "table\t'For people, as wide as the terminal'
wide\t'The same with all columns, nothing shortened'
json\t'One JSON value; a stream is one object a line'
jsonl\t'One JSON object a line'
csv\t'Comma-separated, with a head line'
name\t'Only the name of each record'"
complete -c momentum -n "__fish_momentum_using_subcommand positions; and not __fish_seen_subcommand_from list show close hold release adjust export adopt reconcile sweep write-off" -l fields -d 'Only these fields of each record, as kind,mint,reserves.real_quote' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and not __fish_seen_subcommand_from list show close hold release adjust export adopt reconcile sweep write-off" -l color -d 'Colour; auto heeds NO_COLOR and uses it on a terminal only' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c momentum -n "__fish_momentum_using_subcommand positions; and not __fish_seen_subcommand_from list show close hold release adjust export adopt reconcile sweep write-off" -l confirm -d 'The text that would have to be typed' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and not __fish_seen_subcommand_from list show close hold release adjust export adopt reconcile sweep write-off" -l timeout -d 'How long a running bot may take to answer' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and not __fish_seen_subcommand_from list show close hold release adjust export adopt reconcile sweep write-off" -l json -d 'The same as -o json, errors too'
complete -c momentum -n "__fish_momentum_using_subcommand positions; and not __fish_seen_subcommand_from list show close hold release adjust export adopt reconcile sweep write-off" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c momentum -n "__fish_momentum_using_subcommand positions; and not __fish_seen_subcommand_from list show close hold release adjust export adopt reconcile sweep write-off" -s y -l yes -d 'Yes to what is asked with y/N'
complete -c momentum -n "__fish_momentum_using_subcommand positions; and not __fish_seen_subcommand_from list show close hold release adjust export adopt reconcile sweep write-off" -l no-input -d 'Ask nothing: what would be asked is an error'
complete -c momentum -n "__fish_momentum_using_subcommand positions; and not __fish_seen_subcommand_from list show close hold release adjust export adopt reconcile sweep write-off" -l no-progress -d 'No progress bars'
complete -c momentum -n "__fish_momentum_using_subcommand positions; and not __fish_seen_subcommand_from list show close hold release adjust export adopt reconcile sweep write-off" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c momentum -n "__fish_momentum_using_subcommand positions; and not __fish_seen_subcommand_from list show close hold release adjust export adopt reconcile sweep write-off" -f -a "list" -d 'Open positions, at what selling them would bring now'
complete -c momentum -n "__fish_momentum_using_subcommand positions; and not __fish_seen_subcommand_from list show close hold release adjust export adopt reconcile sweep write-off" -f -a "show" -d 'All of one position: stop, ladder, sales under way'
complete -c momentum -n "__fish_momentum_using_subcommand positions; and not __fish_seen_subcommand_from list show close hold release adjust export adopt reconcile sweep write-off" -f -a "close" -d 'Sells a position, or a part of it, or all of them'
complete -c momentum -n "__fish_momentum_using_subcommand positions; and not __fish_seen_subcommand_from list show close hold release adjust export adopt reconcile sweep write-off" -f -a "hold" -d 'Keeps a position whatever score, time and ladder say; its stop stays'
complete -c momentum -n "__fish_momentum_using_subcommand positions; and not __fish_seen_subcommand_from list show close hold release adjust export adopt reconcile sweep write-off" -f -a "release" -d 'Ends `hold`'
complete -c momentum -n "__fish_momentum_using_subcommand positions; and not __fish_seen_subcommand_from list show close hold release adjust export adopt reconcile sweep write-off" -f -a "adjust" -d 'Raises the stop of a position'
complete -c momentum -n "__fish_momentum_using_subcommand positions; and not __fish_seen_subcommand_from list show close hold release adjust export adopt reconcile sweep write-off" -f -a "export" -d 'Closed positions with their profit or loss, for a table of your own'
complete -c momentum -n "__fish_momentum_using_subcommand positions; and not __fish_seen_subcommand_from list show close hold release adjust export adopt reconcile sweep write-off" -f -a "adopt" -d 'Takes tokens of a wallet that no position knows for one: stop, ladder and all exits are on it from there'
complete -c momentum -n "__fish_momentum_using_subcommand positions; and not __fish_seen_subcommand_from list show close hold release adjust export adopt reconcile sweep write-off" -f -a "reconcile" -d 'Compares positions, attempts and balances with the chain, now, and books what differs'
complete -c momentum -n "__fish_momentum_using_subcommand positions; and not __fish_seen_subcommand_from list show close hold release adjust export adopt reconcile sweep write-off" -f -a "sweep" -d 'Closes token accounts that nothing is in any more, so that the rent locked in them comes back'
complete -c momentum -n "__fish_momentum_using_subcommand positions; and not __fish_seen_subcommand_from list show close hold release adjust export adopt reconcile sweep write-off" -f -a "write-off" -d 'Books a position as lost: only what can never be sold. Its mint must be typed'
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from list" -l network -d 'Network of the book: mainnet, devnet, localnet, sim' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from list" -l mode -d 'Mode of the book' -r -f -a "paper\t'Simulated fills'
dry-run\t'No orders'
live\t'Real money'"
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from list" -s c -l config -d 'Settings file; repeatable [default: momentum.toml here, if there is one]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from list" -s p -l profile -d 'Profile of settings: cautious, or profiles/NAME.toml beside a settings file' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from list" -l set -d 'One setting, over all files: risk.max_position=0.2SOL; repeatable' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from list" -l data-dir -d 'Folder of the books [default: momentum in the folder of your data, ~/.local/share]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from list" -l db -d 'Database of the book: sqlite:FILE, or postgres://HOST/NAME without a password [default: a file in its folder]' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from list" -l instance -d 'Which of several bots on the same network and in the same mode' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from list" -s o -l output -d 'Form of the output' -r -f -a "table\t'For people, as wide as the terminal'
wide\t'The same with all columns, nothing shortened'
json\t'One JSON value; a stream is one object a line'
jsonl\t'One JSON object a line'
csv\t'Comma-separated, with a head line'
name\t'Only the name of each record'"
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from list" -l fields -d 'Only these fields of each record, as kind,mint,reserves.real_quote' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from list" -l color -d 'Colour; auto heeds NO_COLOR and uses it on a terminal only' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from list" -l confirm -d 'The text that would have to be typed' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from list" -l timeout -d 'How long a running bot may take to answer' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from list" -l json -d 'The same as -o json, errors too'
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from list" -s y -l yes -d 'Yes to what is asked with y/N'
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from list" -l no-input -d 'Ask nothing: what would be asked is an error'
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from list" -l no-progress -d 'No progress bars'
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from show" -l why -d 'Why, for the audit' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from show" -l network -d 'Network of the book: mainnet, devnet, localnet, sim' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from show" -l mode -d 'Mode of the book' -r -f -a "paper\t'Simulated fills'
dry-run\t'No orders'
live\t'Real money'"
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from show" -s c -l config -d 'Settings file; repeatable [default: momentum.toml here, if there is one]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from show" -s p -l profile -d 'Profile of settings: cautious, or profiles/NAME.toml beside a settings file' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from show" -l set -d 'One setting, over all files: risk.max_position=0.2SOL; repeatable' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from show" -l data-dir -d 'Folder of the books [default: momentum in the folder of your data, ~/.local/share]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from show" -l db -d 'Database of the book: sqlite:FILE, or postgres://HOST/NAME without a password [default: a file in its folder]' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from show" -l instance -d 'Which of several bots on the same network and in the same mode' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from show" -s o -l output -d 'Form of the output' -r -f -a "table\t'For people, as wide as the terminal'
wide\t'The same with all columns, nothing shortened'
json\t'One JSON value; a stream is one object a line'
jsonl\t'One JSON object a line'
csv\t'Comma-separated, with a head line'
name\t'Only the name of each record'"
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from show" -l fields -d 'Only these fields of each record, as kind,mint,reserves.real_quote' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from show" -l color -d 'Colour; auto heeds NO_COLOR and uses it on a terminal only' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from show" -l confirm -d 'The text that would have to be typed' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from show" -l timeout -d 'How long a running bot may take to answer' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from show" -l timeline -d 'What happened to the token with us, in order: also of a position that is closed'
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from show" -l json -d 'The same as -o json, errors too'
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from show" -s y -l yes -d 'Yes to what is asked with y/N'
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from show" -l no-input -d 'Ask nothing: what would be asked is an error'
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from show" -l no-progress -d 'No progress bars'
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from close" -l tokens -d 'So many tokens; all of them if it is left out' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from close" -l wait -d 'How long to go on with each where no bot does it' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from close" -l why -d 'Why, for the audit' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from close" -l network -d 'Network of the book: mainnet, devnet, localnet, sim' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from close" -l mode -d 'Mode of the book' -r -f -a "paper\t'Simulated fills'
dry-run\t'No orders'
live\t'Real money'"
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from close" -s c -l config -d 'Settings file; repeatable [default: momentum.toml here, if there is one]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from close" -s p -l profile -d 'Profile of settings: cautious, or profiles/NAME.toml beside a settings file' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from close" -l set -d 'One setting, over all files: risk.max_position=0.2SOL; repeatable' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from close" -l data-dir -d 'Folder of the books [default: momentum in the folder of your data, ~/.local/share]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from close" -l db -d 'Database of the book: sqlite:FILE, or postgres://HOST/NAME without a password [default: a file in its folder]' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from close" -l instance -d 'Which of several bots on the same network and in the same mode' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from close" -s o -l output -d 'Form of the output' -r -f -a "table\t'For people, as wide as the terminal'
wide\t'The same with all columns, nothing shortened'
json\t'One JSON value; a stream is one object a line'
jsonl\t'One JSON object a line'
csv\t'Comma-separated, with a head line'
name\t'Only the name of each record'"
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from close" -l fields -d 'Only these fields of each record, as kind,mint,reserves.real_quote' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from close" -l color -d 'Colour; auto heeds NO_COLOR and uses it on a terminal only' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from close" -l confirm -d 'The text that would have to be typed' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from close" -l timeout -d 'How long a running bot may take to answer' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from close" -l all -d 'Every position'
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from close" -l urgent -d 'With urgent fees, and a bound that widens until it is sold'
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from close" -l json -d 'The same as -o json, errors too'
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from close" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from close" -s y -l yes -d 'Yes to what is asked with y/N'
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from close" -l no-input -d 'Ask nothing: what would be asked is an error'
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from close" -l no-progress -d 'No progress bars'
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from close" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from hold" -l why -d 'Why, for the audit' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from hold" -l network -d 'Network of the book: mainnet, devnet, localnet, sim' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from hold" -l mode -d 'Mode of the book' -r -f -a "paper\t'Simulated fills'
dry-run\t'No orders'
live\t'Real money'"
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from hold" -s c -l config -d 'Settings file; repeatable [default: momentum.toml here, if there is one]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from hold" -s p -l profile -d 'Profile of settings: cautious, or profiles/NAME.toml beside a settings file' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from hold" -l set -d 'One setting, over all files: risk.max_position=0.2SOL; repeatable' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from hold" -l data-dir -d 'Folder of the books [default: momentum in the folder of your data, ~/.local/share]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from hold" -l db -d 'Database of the book: sqlite:FILE, or postgres://HOST/NAME without a password [default: a file in its folder]' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from hold" -l instance -d 'Which of several bots on the same network and in the same mode' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from hold" -s o -l output -d 'Form of the output' -r -f -a "table\t'For people, as wide as the terminal'
wide\t'The same with all columns, nothing shortened'
json\t'One JSON value; a stream is one object a line'
jsonl\t'One JSON object a line'
csv\t'Comma-separated, with a head line'
name\t'Only the name of each record'"
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from hold" -l fields -d 'Only these fields of each record, as kind,mint,reserves.real_quote' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from hold" -l color -d 'Colour; auto heeds NO_COLOR and uses it on a terminal only' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from hold" -l confirm -d 'The text that would have to be typed' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from hold" -l timeout -d 'How long a running bot may take to answer' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from hold" -l json -d 'The same as -o json, errors too'
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from hold" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from hold" -s y -l yes -d 'Yes to what is asked with y/N'
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from hold" -l no-input -d 'Ask nothing: what would be asked is an error'
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from hold" -l no-progress -d 'No progress bars'
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from hold" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from release" -l why -d 'Why, for the audit' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from release" -l network -d 'Network of the book: mainnet, devnet, localnet, sim' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from release" -l mode -d 'Mode of the book' -r -f -a "paper\t'Simulated fills'
dry-run\t'No orders'
live\t'Real money'"
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from release" -s c -l config -d 'Settings file; repeatable [default: momentum.toml here, if there is one]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from release" -s p -l profile -d 'Profile of settings: cautious, or profiles/NAME.toml beside a settings file' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from release" -l set -d 'One setting, over all files: risk.max_position=0.2SOL; repeatable' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from release" -l data-dir -d 'Folder of the books [default: momentum in the folder of your data, ~/.local/share]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from release" -l db -d 'Database of the book: sqlite:FILE, or postgres://HOST/NAME without a password [default: a file in its folder]' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from release" -l instance -d 'Which of several bots on the same network and in the same mode' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from release" -s o -l output -d 'Form of the output' -r -f -a "table\t'For people, as wide as the terminal'
wide\t'The same with all columns, nothing shortened'
json\t'One JSON value; a stream is one object a line'
jsonl\t'One JSON object a line'
csv\t'Comma-separated, with a head line'
name\t'Only the name of each record'"
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from release" -l fields -d 'Only these fields of each record, as kind,mint,reserves.real_quote' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from release" -l color -d 'Colour; auto heeds NO_COLOR and uses it on a terminal only' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from release" -l confirm -d 'The text that would have to be typed' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from release" -l timeout -d 'How long a running bot may take to answer' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from release" -l json -d 'The same as -o json, errors too'
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from release" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from release" -s y -l yes -d 'Yes to what is asked with y/N'
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from release" -l no-input -d 'Ask nothing: what would be asked is an error'
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from release" -l no-progress -d 'No progress bars'
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from release" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from adjust" -l why -d 'Why, for the audit' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from adjust" -l network -d 'Network of the book: mainnet, devnet, localnet, sim' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from adjust" -l mode -d 'Mode of the book' -r -f -a "paper\t'Simulated fills'
dry-run\t'No orders'
live\t'Real money'"
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from adjust" -l stop -d 'It is sold once all that is left would bring no more than this' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from adjust" -s c -l config -d 'Settings file; repeatable [default: momentum.toml here, if there is one]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from adjust" -s p -l profile -d 'Profile of settings: cautious, or profiles/NAME.toml beside a settings file' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from adjust" -l set -d 'One setting, over all files: risk.max_position=0.2SOL; repeatable' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from adjust" -l data-dir -d 'Folder of the books [default: momentum in the folder of your data, ~/.local/share]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from adjust" -l db -d 'Database of the book: sqlite:FILE, or postgres://HOST/NAME without a password [default: a file in its folder]' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from adjust" -l instance -d 'Which of several bots on the same network and in the same mode' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from adjust" -s o -l output -d 'Form of the output' -r -f -a "table\t'For people, as wide as the terminal'
wide\t'The same with all columns, nothing shortened'
json\t'One JSON value; a stream is one object a line'
jsonl\t'One JSON object a line'
csv\t'Comma-separated, with a head line'
name\t'Only the name of each record'"
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from adjust" -l fields -d 'Only these fields of each record, as kind,mint,reserves.real_quote' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from adjust" -l color -d 'Colour; auto heeds NO_COLOR and uses it on a terminal only' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from adjust" -l confirm -d 'The text that would have to be typed' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from adjust" -l timeout -d 'How long a running bot may take to answer' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from adjust" -l json -d 'The same as -o json, errors too'
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from adjust" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from adjust" -s y -l yes -d 'Yes to what is asked with y/N'
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from adjust" -l no-input -d 'Ask nothing: what would be asked is an error'
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from adjust" -l no-progress -d 'No progress bars'
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from adjust" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from export" -l from -d 'Closed at this time or later, as 2026-01-01T00:00:00Z' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from export" -l to -d 'Closed before this time' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from export" -l network -d 'Network of the book: mainnet, devnet, localnet, sim' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from export" -l mode -d 'Mode of the book' -r -f -a "paper\t'Simulated fills'
dry-run\t'No orders'
live\t'Real money'"
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from export" -s c -l config -d 'Settings file; repeatable [default: momentum.toml here, if there is one]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from export" -s p -l profile -d 'Profile of settings: cautious, or profiles/NAME.toml beside a settings file' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from export" -l set -d 'One setting, over all files: risk.max_position=0.2SOL; repeatable' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from export" -l data-dir -d 'Folder of the books [default: momentum in the folder of your data, ~/.local/share]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from export" -l db -d 'Database of the book: sqlite:FILE, or postgres://HOST/NAME without a password [default: a file in its folder]' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from export" -l instance -d 'Which of several bots on the same network and in the same mode' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from export" -s o -l output -d 'Form of the output' -r -f -a "table\t'For people, as wide as the terminal'
wide\t'The same with all columns, nothing shortened'
json\t'One JSON value; a stream is one object a line'
jsonl\t'One JSON object a line'
csv\t'Comma-separated, with a head line'
name\t'Only the name of each record'"
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from export" -l fields -d 'Only these fields of each record, as kind,mint,reserves.real_quote' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from export" -l color -d 'Colour; auto heeds NO_COLOR and uses it on a terminal only' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from export" -l confirm -d 'The text that would have to be typed' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from export" -l timeout -d 'How long a running bot may take to answer' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from export" -l json -d 'The same as -o json, errors too'
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from export" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from export" -s y -l yes -d 'Yes to what is asked with y/N'
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from export" -l no-input -d 'Ask nothing: what would be asked is an error'
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from export" -l no-progress -d 'No progress bars'
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from export" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from adopt" -l why -d 'Why, for the audit' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from adopt" -l network -d 'Network of the book: mainnet, devnet, localnet, sim' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from adopt" -l mode -d 'Mode of the book' -r -f -a "paper\t'Simulated fills'
dry-run\t'No orders'
live\t'Real money'"
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from adopt" -l cost -d 'What they cost [default: what they would bring now]' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from adopt" -l wallet -d 'The wallet that holds them, where several do' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from adopt" -s c -l config -d 'Settings file; repeatable [default: momentum.toml here, if there is one]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from adopt" -s p -l profile -d 'Profile of settings: cautious, or profiles/NAME.toml beside a settings file' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from adopt" -l set -d 'One setting, over all files: risk.max_position=0.2SOL; repeatable' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from adopt" -l data-dir -d 'Folder of the books [default: momentum in the folder of your data, ~/.local/share]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from adopt" -l db -d 'Database of the book: sqlite:FILE, or postgres://HOST/NAME without a password [default: a file in its folder]' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from adopt" -l instance -d 'Which of several bots on the same network and in the same mode' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from adopt" -s o -l output -d 'Form of the output' -r -f -a "table\t'For people, as wide as the terminal'
wide\t'The same with all columns, nothing shortened'
json\t'One JSON value; a stream is one object a line'
jsonl\t'One JSON object a line'
csv\t'Comma-separated, with a head line'
name\t'Only the name of each record'"
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from adopt" -l fields -d 'Only these fields of each record, as kind,mint,reserves.real_quote' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from adopt" -l color -d 'Colour; auto heeds NO_COLOR and uses it on a terminal only' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from adopt" -l confirm -d 'The text that would have to be typed' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from adopt" -l timeout -d 'How long a running bot may take to answer' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from adopt" -l json -d 'The same as -o json, errors too'
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from adopt" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from adopt" -s y -l yes -d 'Yes to what is asked with y/N'
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from adopt" -l no-input -d 'Ask nothing: what would be asked is an error'
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from adopt" -l no-progress -d 'No progress bars'
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from adopt" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from reconcile" -l wait -d 'How long to wait for the ends of attempts, and for balances' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from reconcile" -l why -d 'Why, for the audit' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from reconcile" -l network -d 'Network of the book: mainnet, devnet, localnet, sim' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from reconcile" -l mode -d 'Mode of the book' -r -f -a "paper\t'Simulated fills'
dry-run\t'No orders'
live\t'Real money'"
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from reconcile" -s c -l config -d 'Settings file; repeatable [default: momentum.toml here, if there is one]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from reconcile" -s p -l profile -d 'Profile of settings: cautious, or profiles/NAME.toml beside a settings file' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from reconcile" -l set -d 'One setting, over all files: risk.max_position=0.2SOL; repeatable' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from reconcile" -l data-dir -d 'Folder of the books [default: momentum in the folder of your data, ~/.local/share]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from reconcile" -l db -d 'Database of the book: sqlite:FILE, or postgres://HOST/NAME without a password [default: a file in its folder]' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from reconcile" -l instance -d 'Which of several bots on the same network and in the same mode' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from reconcile" -s o -l output -d 'Form of the output' -r -f -a "table\t'For people, as wide as the terminal'
wide\t'The same with all columns, nothing shortened'
json\t'One JSON value; a stream is one object a line'
jsonl\t'One JSON object a line'
csv\t'Comma-separated, with a head line'
name\t'Only the name of each record'"
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from reconcile" -l fields -d 'Only these fields of each record, as kind,mint,reserves.real_quote' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from reconcile" -l color -d 'Colour; auto heeds NO_COLOR and uses it on a terminal only' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from reconcile" -l confirm -d 'The text that would have to be typed' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from reconcile" -l timeout -d 'How long a running bot may take to answer' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from reconcile" -l json -d 'The same as -o json, errors too'
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from reconcile" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from reconcile" -s y -l yes -d 'Yes to what is asked with y/N'
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from reconcile" -l no-input -d 'Ask nothing: what would be asked is an error'
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from reconcile" -l no-progress -d 'No progress bars'
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from reconcile" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from sweep" -l wait -d 'How long to wait until the chain has ended what was sent' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from sweep" -l why -d 'Why, for the audit' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from sweep" -l network -d 'Network of the book: mainnet, devnet, localnet, sim' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from sweep" -l mode -d 'Mode of the book' -r -f -a "paper\t'Simulated fills'
dry-run\t'No orders'
live\t'Real money'"
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from sweep" -s c -l config -d 'Settings file; repeatable [default: momentum.toml here, if there is one]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from sweep" -s p -l profile -d 'Profile of settings: cautious, or profiles/NAME.toml beside a settings file' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from sweep" -l set -d 'One setting, over all files: risk.max_position=0.2SOL; repeatable' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from sweep" -l data-dir -d 'Folder of the books [default: momentum in the folder of your data, ~/.local/share]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from sweep" -l db -d 'Database of the book: sqlite:FILE, or postgres://HOST/NAME without a password [default: a file in its folder]' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from sweep" -l instance -d 'Which of several bots on the same network and in the same mode' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from sweep" -s o -l output -d 'Form of the output' -r -f -a "table\t'For people, as wide as the terminal'
wide\t'The same with all columns, nothing shortened'
json\t'One JSON value; a stream is one object a line'
jsonl\t'One JSON object a line'
csv\t'Comma-separated, with a head line'
name\t'Only the name of each record'"
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from sweep" -l fields -d 'Only these fields of each record, as kind,mint,reserves.real_quote' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from sweep" -l color -d 'Colour; auto heeds NO_COLOR and uses it on a terminal only' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from sweep" -l confirm -d 'The text that would have to be typed' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from sweep" -l timeout -d 'How long a running bot may take to answer' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from sweep" -l dry-run -d 'Only list the accounts: what would come back, what stays and why'
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from sweep" -l json -d 'The same as -o json, errors too'
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from sweep" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from sweep" -s y -l yes -d 'Yes to what is asked with y/N'
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from sweep" -l no-input -d 'Ask nothing: what would be asked is an error'
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from sweep" -l no-progress -d 'No progress bars'
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from sweep" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from write-off" -l why -d 'Why, for the audit' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from write-off" -l network -d 'Network of the book: mainnet, devnet, localnet, sim' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from write-off" -l mode -d 'Mode of the book' -r -f -a "paper\t'Simulated fills'
dry-run\t'No orders'
live\t'Real money'"
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from write-off" -s c -l config -d 'Settings file; repeatable [default: momentum.toml here, if there is one]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from write-off" -s p -l profile -d 'Profile of settings: cautious, or profiles/NAME.toml beside a settings file' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from write-off" -l set -d 'One setting, over all files: risk.max_position=0.2SOL; repeatable' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from write-off" -l data-dir -d 'Folder of the books [default: momentum in the folder of your data, ~/.local/share]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from write-off" -l db -d 'Database of the book: sqlite:FILE, or postgres://HOST/NAME without a password [default: a file in its folder]' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from write-off" -l instance -d 'Which of several bots on the same network and in the same mode' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from write-off" -s o -l output -d 'Form of the output' -r -f -a "table\t'For people, as wide as the terminal'
wide\t'The same with all columns, nothing shortened'
json\t'One JSON value; a stream is one object a line'
jsonl\t'One JSON object a line'
csv\t'Comma-separated, with a head line'
name\t'Only the name of each record'"
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from write-off" -l fields -d 'Only these fields of each record, as kind,mint,reserves.real_quote' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from write-off" -l color -d 'Colour; auto heeds NO_COLOR and uses it on a terminal only' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from write-off" -l confirm -d 'The text that would have to be typed' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from write-off" -l timeout -d 'How long a running bot may take to answer' -r
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from write-off" -l json -d 'The same as -o json, errors too'
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from write-off" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from write-off" -s y -l yes -d 'Yes to what is asked with y/N'
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from write-off" -l no-input -d 'Ask nothing: what would be asked is an error'
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from write-off" -l no-progress -d 'No progress bars'
complete -c momentum -n "__fish_momentum_using_subcommand positions; and __fish_seen_subcommand_from write-off" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and not __fish_seen_subcommand_from status pause resume flatten drill lock reset" -s c -l config -d 'Settings file; repeatable [default: momentum.toml here, if there is one]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and not __fish_seen_subcommand_from status pause resume flatten drill lock reset" -s p -l profile -d 'Profile of settings: cautious, or profiles/NAME.toml beside a settings file' -r
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and not __fish_seen_subcommand_from status pause resume flatten drill lock reset" -l set -d 'One setting, over all files: risk.max_position=0.2SOL; repeatable' -r
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and not __fish_seen_subcommand_from status pause resume flatten drill lock reset" -l data-dir -d 'Folder of the books [default: momentum in the folder of your data, ~/.local/share]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and not __fish_seen_subcommand_from status pause resume flatten drill lock reset" -l db -d 'Database of the book: sqlite:FILE, or postgres://HOST/NAME without a password [default: a file in its folder]' -r
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and not __fish_seen_subcommand_from status pause resume flatten drill lock reset" -l instance -d 'Which of several bots on the same network and in the same mode' -r
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and not __fish_seen_subcommand_from status pause resume flatten drill lock reset" -s o -l output -d 'Form of the output' -r -f -a "table\t'For people, as wide as the terminal'
wide\t'The same with all columns, nothing shortened'
json\t'One JSON value; a stream is one object a line'
jsonl\t'One JSON object a line'
csv\t'Comma-separated, with a head line'
name\t'Only the name of each record'"
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and not __fish_seen_subcommand_from status pause resume flatten drill lock reset" -l fields -d 'Only these fields of each record, as kind,mint,reserves.real_quote' -r
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and not __fish_seen_subcommand_from status pause resume flatten drill lock reset" -l color -d 'Colour; auto heeds NO_COLOR and uses it on a terminal only' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and not __fish_seen_subcommand_from status pause resume flatten drill lock reset" -l confirm -d 'The text that would have to be typed' -r
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and not __fish_seen_subcommand_from status pause resume flatten drill lock reset" -l timeout -d 'How long a running bot may take to answer' -r
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and not __fish_seen_subcommand_from status pause resume flatten drill lock reset" -l json -d 'The same as -o json, errors too'
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and not __fish_seen_subcommand_from status pause resume flatten drill lock reset" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and not __fish_seen_subcommand_from status pause resume flatten drill lock reset" -s y -l yes -d 'Yes to what is asked with y/N'
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and not __fish_seen_subcommand_from status pause resume flatten drill lock reset" -l no-input -d 'Ask nothing: what would be asked is an error'
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and not __fish_seen_subcommand_from status pause resume flatten drill lock reset" -l no-progress -d 'No progress bars'
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and not __fish_seen_subcommand_from status pause resume flatten drill lock reset" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and not __fish_seen_subcommand_from status pause resume flatten drill lock reset" -f -a "status" -d 'Who holds what back, and until when'
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and not __fish_seen_subcommand_from status pause resume flatten drill lock reset" -f -a "pause" -d 'No buys; exits go on. Ends by resume, or after --for'
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and not __fish_seen_subcommand_from status pause resume flatten drill lock reset" -f -a "resume" -d 'Ends your own pause'
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and not __fish_seen_subcommand_from status pause resume flatten drill lock reset" -f -a "flatten" -d 'No buys, and everything is sold now, with the bot up, hung or dead. Ends by reset'
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and not __fish_seen_subcommand_from status pause resume flatten drill lock reset" -f -a "drill" -d 'What flatten would bring now: simulates the sale of every position, and sends nothing'
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and not __fish_seen_subcommand_from status pause resume flatten drill lock reset" -f -a "lock" -d 'Nothing leaves any more, sells included; no bot starts. Ends by reset'
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and not __fish_seen_subcommand_from status pause resume flatten drill lock reset" -f -a "reset" -d 'Ends what holds trading back, whoever set it: its name must be typed'
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from status" -l network -d 'Network of the book: mainnet, devnet, localnet, sim' -r
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from status" -l mode -d 'Mode of the book' -r -f -a "paper\t'Simulated fills'
dry-run\t'No orders'
live\t'Real money'"
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from status" -s c -l config -d 'Settings file; repeatable [default: momentum.toml here, if there is one]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from status" -s p -l profile -d 'Profile of settings: cautious, or profiles/NAME.toml beside a settings file' -r
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from status" -l set -d 'One setting, over all files: risk.max_position=0.2SOL; repeatable' -r
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from status" -l data-dir -d 'Folder of the books [default: momentum in the folder of your data, ~/.local/share]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from status" -l db -d 'Database of the book: sqlite:FILE, or postgres://HOST/NAME without a password [default: a file in its folder]' -r
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from status" -l instance -d 'Which of several bots on the same network and in the same mode' -r
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from status" -s o -l output -d 'Form of the output' -r -f -a "table\t'For people, as wide as the terminal'
wide\t'The same with all columns, nothing shortened'
json\t'One JSON value; a stream is one object a line'
jsonl\t'One JSON object a line'
csv\t'Comma-separated, with a head line'
name\t'Only the name of each record'"
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from status" -l fields -d 'Only these fields of each record, as kind,mint,reserves.real_quote' -r
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from status" -l color -d 'Colour; auto heeds NO_COLOR and uses it on a terminal only' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from status" -l confirm -d 'The text that would have to be typed' -r
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from status" -l timeout -d 'How long a running bot may take to answer' -r
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from status" -l json -d 'The same as -o json, errors too'
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from status" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from status" -s y -l yes -d 'Yes to what is asked with y/N'
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from status" -l no-input -d 'Ask nothing: what would be asked is an error'
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from status" -l no-progress -d 'No progress bars'
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from pause" -l for -d 'It ends by itself after this time' -r
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from pause" -l why -d 'Why, for the audit' -r
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from pause" -l network -d 'Network of the book: mainnet, devnet, localnet, sim' -r
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from pause" -l mode -d 'Mode of the book' -r -f -a "paper\t'Simulated fills'
dry-run\t'No orders'
live\t'Real money'"
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from pause" -s c -l config -d 'Settings file; repeatable [default: momentum.toml here, if there is one]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from pause" -s p -l profile -d 'Profile of settings: cautious, or profiles/NAME.toml beside a settings file' -r
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from pause" -l set -d 'One setting, over all files: risk.max_position=0.2SOL; repeatable' -r
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from pause" -l data-dir -d 'Folder of the books [default: momentum in the folder of your data, ~/.local/share]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from pause" -l db -d 'Database of the book: sqlite:FILE, or postgres://HOST/NAME without a password [default: a file in its folder]' -r
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from pause" -l instance -d 'Which of several bots on the same network and in the same mode' -r
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from pause" -s o -l output -d 'Form of the output' -r -f -a "table\t'For people, as wide as the terminal'
wide\t'The same with all columns, nothing shortened'
json\t'One JSON value; a stream is one object a line'
jsonl\t'One JSON object a line'
csv\t'Comma-separated, with a head line'
name\t'Only the name of each record'"
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from pause" -l fields -d 'Only these fields of each record, as kind,mint,reserves.real_quote' -r
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from pause" -l color -d 'Colour; auto heeds NO_COLOR and uses it on a terminal only' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from pause" -l confirm -d 'The text that would have to be typed' -r
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from pause" -l timeout -d 'How long a running bot may take to answer' -r
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from pause" -l json -d 'The same as -o json, errors too'
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from pause" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from pause" -s y -l yes -d 'Yes to what is asked with y/N'
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from pause" -l no-input -d 'Ask nothing: what would be asked is an error'
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from pause" -l no-progress -d 'No progress bars'
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from pause" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from resume" -l why -d 'Why, for the audit' -r
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from resume" -l network -d 'Network of the book: mainnet, devnet, localnet, sim' -r
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from resume" -l mode -d 'Mode of the book' -r -f -a "paper\t'Simulated fills'
dry-run\t'No orders'
live\t'Real money'"
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from resume" -s c -l config -d 'Settings file; repeatable [default: momentum.toml here, if there is one]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from resume" -s p -l profile -d 'Profile of settings: cautious, or profiles/NAME.toml beside a settings file' -r
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from resume" -l set -d 'One setting, over all files: risk.max_position=0.2SOL; repeatable' -r
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from resume" -l data-dir -d 'Folder of the books [default: momentum in the folder of your data, ~/.local/share]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from resume" -l db -d 'Database of the book: sqlite:FILE, or postgres://HOST/NAME without a password [default: a file in its folder]' -r
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from resume" -l instance -d 'Which of several bots on the same network and in the same mode' -r
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from resume" -s o -l output -d 'Form of the output' -r -f -a "table\t'For people, as wide as the terminal'
wide\t'The same with all columns, nothing shortened'
json\t'One JSON value; a stream is one object a line'
jsonl\t'One JSON object a line'
csv\t'Comma-separated, with a head line'
name\t'Only the name of each record'"
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from resume" -l fields -d 'Only these fields of each record, as kind,mint,reserves.real_quote' -r
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from resume" -l color -d 'Colour; auto heeds NO_COLOR and uses it on a terminal only' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from resume" -l confirm -d 'The text that would have to be typed' -r
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from resume" -l timeout -d 'How long a running bot may take to answer' -r
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from resume" -l json -d 'The same as -o json, errors too'
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from resume" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from resume" -s y -l yes -d 'Yes to what is asked with y/N'
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from resume" -l no-input -d 'Ask nothing: what would be asked is an error'
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from resume" -l no-progress -d 'No progress bars'
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from resume" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from flatten" -l wait -d 'How long to go on where no bot does it' -r
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from flatten" -l why -d 'Why, for the audit' -r
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from flatten" -l network -d 'Network of the book: mainnet, devnet, localnet, sim' -r
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from flatten" -l mode -d 'Mode of the book' -r -f -a "paper\t'Simulated fills'
dry-run\t'No orders'
live\t'Real money'"
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from flatten" -s c -l config -d 'Settings file; repeatable [default: momentum.toml here, if there is one]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from flatten" -s p -l profile -d 'Profile of settings: cautious, or profiles/NAME.toml beside a settings file' -r
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from flatten" -l set -d 'One setting, over all files: risk.max_position=0.2SOL; repeatable' -r
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from flatten" -l data-dir -d 'Folder of the books [default: momentum in the folder of your data, ~/.local/share]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from flatten" -l db -d 'Database of the book: sqlite:FILE, or postgres://HOST/NAME without a password [default: a file in its folder]' -r
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from flatten" -l instance -d 'Which of several bots on the same network and in the same mode' -r
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from flatten" -s o -l output -d 'Form of the output' -r -f -a "table\t'For people, as wide as the terminal'
wide\t'The same with all columns, nothing shortened'
json\t'One JSON value; a stream is one object a line'
jsonl\t'One JSON object a line'
csv\t'Comma-separated, with a head line'
name\t'Only the name of each record'"
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from flatten" -l fields -d 'Only these fields of each record, as kind,mint,reserves.real_quote' -r
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from flatten" -l color -d 'Colour; auto heeds NO_COLOR and uses it on a terminal only' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from flatten" -l confirm -d 'The text that would have to be typed' -r
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from flatten" -l timeout -d 'How long a running bot may take to answer' -r
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from flatten" -l json -d 'The same as -o json, errors too'
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from flatten" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from flatten" -s y -l yes -d 'Yes to what is asked with y/N'
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from flatten" -l no-input -d 'Ask nothing: what would be asked is an error'
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from flatten" -l no-progress -d 'No progress bars'
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from flatten" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from drill" -l network -d 'Network of the book: mainnet, devnet, localnet, sim' -r
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from drill" -l mode -d 'Mode of the book' -r -f -a "paper\t'Simulated fills'
dry-run\t'No orders'
live\t'Real money'"
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from drill" -s c -l config -d 'Settings file; repeatable [default: momentum.toml here, if there is one]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from drill" -s p -l profile -d 'Profile of settings: cautious, or profiles/NAME.toml beside a settings file' -r
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from drill" -l set -d 'One setting, over all files: risk.max_position=0.2SOL; repeatable' -r
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from drill" -l data-dir -d 'Folder of the books [default: momentum in the folder of your data, ~/.local/share]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from drill" -l db -d 'Database of the book: sqlite:FILE, or postgres://HOST/NAME without a password [default: a file in its folder]' -r
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from drill" -l instance -d 'Which of several bots on the same network and in the same mode' -r
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from drill" -s o -l output -d 'Form of the output' -r -f -a "table\t'For people, as wide as the terminal'
wide\t'The same with all columns, nothing shortened'
json\t'One JSON value; a stream is one object a line'
jsonl\t'One JSON object a line'
csv\t'Comma-separated, with a head line'
name\t'Only the name of each record'"
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from drill" -l fields -d 'Only these fields of each record, as kind,mint,reserves.real_quote' -r
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from drill" -l color -d 'Colour; auto heeds NO_COLOR and uses it on a terminal only' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from drill" -l confirm -d 'The text that would have to be typed' -r
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from drill" -l timeout -d 'How long a running bot may take to answer' -r
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from drill" -l json -d 'The same as -o json, errors too'
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from drill" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from drill" -s y -l yes -d 'Yes to what is asked with y/N'
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from drill" -l no-input -d 'Ask nothing: what would be asked is an error'
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from drill" -l no-progress -d 'No progress bars'
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from drill" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from lock" -l why -d 'Why, for the audit' -r
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from lock" -l network -d 'Network of the book: mainnet, devnet, localnet, sim' -r
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from lock" -l mode -d 'Mode of the book' -r -f -a "paper\t'Simulated fills'
dry-run\t'No orders'
live\t'Real money'"
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from lock" -s c -l config -d 'Settings file; repeatable [default: momentum.toml here, if there is one]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from lock" -s p -l profile -d 'Profile of settings: cautious, or profiles/NAME.toml beside a settings file' -r
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from lock" -l set -d 'One setting, over all files: risk.max_position=0.2SOL; repeatable' -r
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from lock" -l data-dir -d 'Folder of the books [default: momentum in the folder of your data, ~/.local/share]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from lock" -l db -d 'Database of the book: sqlite:FILE, or postgres://HOST/NAME without a password [default: a file in its folder]' -r
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from lock" -l instance -d 'Which of several bots on the same network and in the same mode' -r
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from lock" -s o -l output -d 'Form of the output' -r -f -a "table\t'For people, as wide as the terminal'
wide\t'The same with all columns, nothing shortened'
json\t'One JSON value; a stream is one object a line'
jsonl\t'One JSON object a line'
csv\t'Comma-separated, with a head line'
name\t'Only the name of each record'"
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from lock" -l fields -d 'Only these fields of each record, as kind,mint,reserves.real_quote' -r
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from lock" -l color -d 'Colour; auto heeds NO_COLOR and uses it on a terminal only' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from lock" -l confirm -d 'The text that would have to be typed' -r
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from lock" -l timeout -d 'How long a running bot may take to answer' -r
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from lock" -l json -d 'The same as -o json, errors too'
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from lock" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from lock" -s y -l yes -d 'Yes to what is asked with y/N'
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from lock" -l no-input -d 'Ask nothing: what would be asked is an error'
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from lock" -l no-progress -d 'No progress bars'
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from lock" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from reset" -l why -d 'Why, for the audit' -r
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from reset" -l network -d 'Network of the book: mainnet, devnet, localnet, sim' -r
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from reset" -l mode -d 'Mode of the book' -r -f -a "paper\t'Simulated fills'
dry-run\t'No orders'
live\t'Real money'"
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from reset" -s c -l config -d 'Settings file; repeatable [default: momentum.toml here, if there is one]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from reset" -s p -l profile -d 'Profile of settings: cautious, or profiles/NAME.toml beside a settings file' -r
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from reset" -l set -d 'One setting, over all files: risk.max_position=0.2SOL; repeatable' -r
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from reset" -l data-dir -d 'Folder of the books [default: momentum in the folder of your data, ~/.local/share]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from reset" -l db -d 'Database of the book: sqlite:FILE, or postgres://HOST/NAME without a password [default: a file in its folder]' -r
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from reset" -l instance -d 'Which of several bots on the same network and in the same mode' -r
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from reset" -s o -l output -d 'Form of the output' -r -f -a "table\t'For people, as wide as the terminal'
wide\t'The same with all columns, nothing shortened'
json\t'One JSON value; a stream is one object a line'
jsonl\t'One JSON object a line'
csv\t'Comma-separated, with a head line'
name\t'Only the name of each record'"
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from reset" -l fields -d 'Only these fields of each record, as kind,mint,reserves.real_quote' -r
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from reset" -l color -d 'Colour; auto heeds NO_COLOR and uses it on a terminal only' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from reset" -l confirm -d 'The text that would have to be typed' -r
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from reset" -l timeout -d 'How long a running bot may take to answer' -r
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from reset" -l json -d 'The same as -o json, errors too'
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from reset" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from reset" -s y -l yes -d 'Yes to what is asked with y/N'
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from reset" -l no-input -d 'Ask nothing: what would be asked is an error'
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from reset" -l no-progress -d 'No progress bars'
complete -c momentum -n "__fish_momentum_using_subcommand killswitch; and __fish_seen_subcommand_from reset" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c momentum -n "__fish_momentum_using_subcommand health" -l wait -d 'Wait so long until all is well' -r
complete -c momentum -n "__fish_momentum_using_subcommand health" -l network -d 'Network of the book: mainnet, devnet, localnet, sim' -r
complete -c momentum -n "__fish_momentum_using_subcommand health" -l mode -d 'Mode of the book' -r -f -a "paper\t'Simulated fills'
dry-run\t'No orders'
live\t'Real money'"
complete -c momentum -n "__fish_momentum_using_subcommand health" -s c -l config -d 'Settings file; repeatable [default: momentum.toml here, if there is one]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand health" -s p -l profile -d 'Profile of settings: cautious, or profiles/NAME.toml beside a settings file' -r
complete -c momentum -n "__fish_momentum_using_subcommand health" -l set -d 'One setting, over all files: risk.max_position=0.2SOL; repeatable' -r
complete -c momentum -n "__fish_momentum_using_subcommand health" -l data-dir -d 'Folder of the books [default: momentum in the folder of your data, ~/.local/share]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand health" -l db -d 'Database of the book: sqlite:FILE, or postgres://HOST/NAME without a password [default: a file in its folder]' -r
complete -c momentum -n "__fish_momentum_using_subcommand health" -l instance -d 'Which of several bots on the same network and in the same mode' -r
complete -c momentum -n "__fish_momentum_using_subcommand health" -s o -l output -d 'Form of the output' -r -f -a "table\t'For people, as wide as the terminal'
wide\t'The same with all columns, nothing shortened'
json\t'One JSON value; a stream is one object a line'
jsonl\t'One JSON object a line'
csv\t'Comma-separated, with a head line'
name\t'Only the name of each record'"
complete -c momentum -n "__fish_momentum_using_subcommand health" -l fields -d 'Only these fields of each record, as kind,mint,reserves.real_quote' -r
complete -c momentum -n "__fish_momentum_using_subcommand health" -l color -d 'Colour; auto heeds NO_COLOR and uses it on a terminal only' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c momentum -n "__fish_momentum_using_subcommand health" -l confirm -d 'The text that would have to be typed' -r
complete -c momentum -n "__fish_momentum_using_subcommand health" -l timeout -d 'How long a running bot may take to answer' -r
complete -c momentum -n "__fish_momentum_using_subcommand health" -l quick -d 'One line'
complete -c momentum -n "__fish_momentum_using_subcommand health" -l nagios -d 'One line and the statuses that Nagios knows'
complete -c momentum -n "__fish_momentum_using_subcommand health" -l json -d 'The same as -o json, errors too'
complete -c momentum -n "__fish_momentum_using_subcommand health" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c momentum -n "__fish_momentum_using_subcommand health" -s y -l yes -d 'Yes to what is asked with y/N'
complete -c momentum -n "__fish_momentum_using_subcommand health" -l no-input -d 'Ask nothing: what would be asked is an error'
complete -c momentum -n "__fish_momentum_using_subcommand health" -l no-progress -d 'No progress bars'
complete -c momentum -n "__fish_momentum_using_subcommand health" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c momentum -n "__fish_momentum_using_subcommand backtest; and not __fish_seen_subcommand_from run replay" -s c -l config -d 'Settings file; repeatable [default: momentum.toml here, if there is one]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand backtest; and not __fish_seen_subcommand_from run replay" -s p -l profile -d 'Profile of settings: cautious, or profiles/NAME.toml beside a settings file' -r
complete -c momentum -n "__fish_momentum_using_subcommand backtest; and not __fish_seen_subcommand_from run replay" -l set -d 'One setting, over all files: risk.max_position=0.2SOL; repeatable' -r
complete -c momentum -n "__fish_momentum_using_subcommand backtest; and not __fish_seen_subcommand_from run replay" -l data-dir -d 'Folder of the books [default: momentum in the folder of your data, ~/.local/share]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand backtest; and not __fish_seen_subcommand_from run replay" -l db -d 'Database of the book: sqlite:FILE, or postgres://HOST/NAME without a password [default: a file in its folder]' -r
complete -c momentum -n "__fish_momentum_using_subcommand backtest; and not __fish_seen_subcommand_from run replay" -l instance -d 'Which of several bots on the same network and in the same mode' -r
complete -c momentum -n "__fish_momentum_using_subcommand backtest; and not __fish_seen_subcommand_from run replay" -s o -l output -d 'Form of the output' -r -f -a "table\t'For people, as wide as the terminal'
wide\t'The same with all columns, nothing shortened'
json\t'One JSON value; a stream is one object a line'
jsonl\t'One JSON object a line'
csv\t'Comma-separated, with a head line'
name\t'Only the name of each record'"
complete -c momentum -n "__fish_momentum_using_subcommand backtest; and not __fish_seen_subcommand_from run replay" -l fields -d 'Only these fields of each record, as kind,mint,reserves.real_quote' -r
complete -c momentum -n "__fish_momentum_using_subcommand backtest; and not __fish_seen_subcommand_from run replay" -l color -d 'Colour; auto heeds NO_COLOR and uses it on a terminal only' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c momentum -n "__fish_momentum_using_subcommand backtest; and not __fish_seen_subcommand_from run replay" -l confirm -d 'The text that would have to be typed' -r
complete -c momentum -n "__fish_momentum_using_subcommand backtest; and not __fish_seen_subcommand_from run replay" -l timeout -d 'How long a running bot may take to answer' -r
complete -c momentum -n "__fish_momentum_using_subcommand backtest; and not __fish_seen_subcommand_from run replay" -l json -d 'The same as -o json, errors too'
complete -c momentum -n "__fish_momentum_using_subcommand backtest; and not __fish_seen_subcommand_from run replay" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c momentum -n "__fish_momentum_using_subcommand backtest; and not __fish_seen_subcommand_from run replay" -s y -l yes -d 'Yes to what is asked with y/N'
complete -c momentum -n "__fish_momentum_using_subcommand backtest; and not __fish_seen_subcommand_from run replay" -l no-input -d 'Ask nothing: what would be asked is an error'
complete -c momentum -n "__fish_momentum_using_subcommand backtest; and not __fish_seen_subcommand_from run replay" -l no-progress -d 'No progress bars'
complete -c momentum -n "__fish_momentum_using_subcommand backtest; and not __fish_seen_subcommand_from run replay" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c momentum -n "__fish_momentum_using_subcommand backtest; and not __fish_seen_subcommand_from run replay" -f -a "run" -d 'Plays a source through the strategy as fast as it goes, with fills worse than paper\'s'
complete -c momentum -n "__fish_momentum_using_subcommand backtest; and not __fish_seen_subcommand_from run replay" -f -a "replay" -d 'Whether a recording replays to the decisions that were made'
complete -c momentum -n "__fish_momentum_using_subcommand backtest; and __fish_seen_subcommand_from run" -l source -d 'The embedded market (SIMULATED), or a recording (needs --replay)' -r -f -a "grpc\t'A live stream: Yellowstone gRPC, with the WebSocket behind it'
ws\t'A live stream: a node\'s WebSocket only'
sim\t'The embedded market'
replay\t'A recording'"
complete -c momentum -n "__fish_momentum_using_subcommand backtest; and __fish_seen_subcommand_from run" -l replay -d 'A recording, recorded transactions or event records: a file, or a folder' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand backtest; and __fish_seen_subcommand_from run" -l seed -d 'Names the embedded market\'s stream: the same seed gives the same stream' -r
complete -c momentum -n "__fish_momentum_using_subcommand backtest; and __fish_seen_subcommand_from run" -l speed -d 'Market seconds per second, or max [default: sim.speed in the embedded market, max in a replay]' -r
complete -c momentum -n "__fish_momentum_using_subcommand backtest; and __fish_seen_subcommand_from run" -l until -d 'End after so much market time (90min, 24h; warm-up included) or at a time (2026-01-01T06:00:00Z)' -r
complete -c momentum -n "__fish_momentum_using_subcommand backtest; and __fish_seen_subcommand_from run" -s c -l config -d 'Settings file; repeatable [default: momentum.toml here, if there is one]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand backtest; and __fish_seen_subcommand_from run" -s p -l profile -d 'Profile of settings: cautious, or profiles/NAME.toml beside a settings file' -r
complete -c momentum -n "__fish_momentum_using_subcommand backtest; and __fish_seen_subcommand_from run" -l set -d 'One setting, over all files: risk.max_position=0.2SOL; repeatable' -r
complete -c momentum -n "__fish_momentum_using_subcommand backtest; and __fish_seen_subcommand_from run" -l data-dir -d 'Folder of the books [default: momentum in the folder of your data, ~/.local/share]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand backtest; and __fish_seen_subcommand_from run" -l db -d 'Database of the book: sqlite:FILE, or postgres://HOST/NAME without a password [default: a file in its folder]' -r
complete -c momentum -n "__fish_momentum_using_subcommand backtest; and __fish_seen_subcommand_from run" -l instance -d 'Which of several bots on the same network and in the same mode' -r
complete -c momentum -n "__fish_momentum_using_subcommand backtest; and __fish_seen_subcommand_from run" -s o -l output -d 'Form of the output' -r -f -a "table\t'For people, as wide as the terminal'
wide\t'The same with all columns, nothing shortened'
json\t'One JSON value; a stream is one object a line'
jsonl\t'One JSON object a line'
csv\t'Comma-separated, with a head line'
name\t'Only the name of each record'"
complete -c momentum -n "__fish_momentum_using_subcommand backtest; and __fish_seen_subcommand_from run" -l fields -d 'Only these fields of each record, as kind,mint,reserves.real_quote' -r
complete -c momentum -n "__fish_momentum_using_subcommand backtest; and __fish_seen_subcommand_from run" -l color -d 'Colour; auto heeds NO_COLOR and uses it on a terminal only' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c momentum -n "__fish_momentum_using_subcommand backtest; and __fish_seen_subcommand_from run" -l confirm -d 'The text that would have to be typed' -r
complete -c momentum -n "__fish_momentum_using_subcommand backtest; and __fish_seen_subcommand_from run" -l timeout -d 'How long a running bot may take to answer' -r
complete -c momentum -n "__fish_momentum_using_subcommand backtest; and __fish_seen_subcommand_from run" -l json -d 'The same as -o json, errors too'
complete -c momentum -n "__fish_momentum_using_subcommand backtest; and __fish_seen_subcommand_from run" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c momentum -n "__fish_momentum_using_subcommand backtest; and __fish_seen_subcommand_from run" -s y -l yes -d 'Yes to what is asked with y/N'
complete -c momentum -n "__fish_momentum_using_subcommand backtest; and __fish_seen_subcommand_from run" -l no-input -d 'Ask nothing: what would be asked is an error'
complete -c momentum -n "__fish_momentum_using_subcommand backtest; and __fish_seen_subcommand_from run" -l no-progress -d 'No progress bars'
complete -c momentum -n "__fish_momentum_using_subcommand backtest; and __fish_seen_subcommand_from run" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c momentum -n "__fish_momentum_using_subcommand backtest; and __fish_seen_subcommand_from replay" -l session -d 'Only this session: the name of its folder, or how it begins or ends' -r
complete -c momentum -n "__fish_momentum_using_subcommand backtest; and __fish_seen_subcommand_from replay" -s c -l config -d 'Settings file; repeatable [default: momentum.toml here, if there is one]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand backtest; and __fish_seen_subcommand_from replay" -s p -l profile -d 'Profile of settings: cautious, or profiles/NAME.toml beside a settings file' -r
complete -c momentum -n "__fish_momentum_using_subcommand backtest; and __fish_seen_subcommand_from replay" -l set -d 'One setting, over all files: risk.max_position=0.2SOL; repeatable' -r
complete -c momentum -n "__fish_momentum_using_subcommand backtest; and __fish_seen_subcommand_from replay" -l data-dir -d 'Folder of the books [default: momentum in the folder of your data, ~/.local/share]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand backtest; and __fish_seen_subcommand_from replay" -l db -d 'Database of the book: sqlite:FILE, or postgres://HOST/NAME without a password [default: a file in its folder]' -r
complete -c momentum -n "__fish_momentum_using_subcommand backtest; and __fish_seen_subcommand_from replay" -l instance -d 'Which of several bots on the same network and in the same mode' -r
complete -c momentum -n "__fish_momentum_using_subcommand backtest; and __fish_seen_subcommand_from replay" -s o -l output -d 'Form of the output' -r -f -a "table\t'For people, as wide as the terminal'
wide\t'The same with all columns, nothing shortened'
json\t'One JSON value; a stream is one object a line'
jsonl\t'One JSON object a line'
csv\t'Comma-separated, with a head line'
name\t'Only the name of each record'"
complete -c momentum -n "__fish_momentum_using_subcommand backtest; and __fish_seen_subcommand_from replay" -l fields -d 'Only these fields of each record, as kind,mint,reserves.real_quote' -r
complete -c momentum -n "__fish_momentum_using_subcommand backtest; and __fish_seen_subcommand_from replay" -l color -d 'Colour; auto heeds NO_COLOR and uses it on a terminal only' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c momentum -n "__fish_momentum_using_subcommand backtest; and __fish_seen_subcommand_from replay" -l confirm -d 'The text that would have to be typed' -r
complete -c momentum -n "__fish_momentum_using_subcommand backtest; and __fish_seen_subcommand_from replay" -l timeout -d 'How long a running bot may take to answer' -r
complete -c momentum -n "__fish_momentum_using_subcommand backtest; and __fish_seen_subcommand_from replay" -l json -d 'The same as -o json, errors too'
complete -c momentum -n "__fish_momentum_using_subcommand backtest; and __fish_seen_subcommand_from replay" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c momentum -n "__fish_momentum_using_subcommand backtest; and __fish_seen_subcommand_from replay" -s y -l yes -d 'Yes to what is asked with y/N'
complete -c momentum -n "__fish_momentum_using_subcommand backtest; and __fish_seen_subcommand_from replay" -l no-input -d 'Ask nothing: what would be asked is an error'
complete -c momentum -n "__fish_momentum_using_subcommand backtest; and __fish_seen_subcommand_from replay" -l no-progress -d 'No progress bars'
complete -c momentum -n "__fish_momentum_using_subcommand backtest; and __fish_seen_subcommand_from replay" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and not __fish_seen_subcommand_from status up plan verify backup restore" -s c -l config -d 'Settings file; repeatable [default: momentum.toml here, if there is one]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and not __fish_seen_subcommand_from status up plan verify backup restore" -s p -l profile -d 'Profile of settings: cautious, or profiles/NAME.toml beside a settings file' -r
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and not __fish_seen_subcommand_from status up plan verify backup restore" -l set -d 'One setting, over all files: risk.max_position=0.2SOL; repeatable' -r
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and not __fish_seen_subcommand_from status up plan verify backup restore" -l data-dir -d 'Folder of the books [default: momentum in the folder of your data, ~/.local/share]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and not __fish_seen_subcommand_from status up plan verify backup restore" -l db -d 'Database of the book: sqlite:FILE, or postgres://HOST/NAME without a password [default: a file in its folder]' -r
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and not __fish_seen_subcommand_from status up plan verify backup restore" -l instance -d 'Which of several bots on the same network and in the same mode' -r
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and not __fish_seen_subcommand_from status up plan verify backup restore" -s o -l output -d 'Form of the output' -r -f -a "table\t'For people, as wide as the terminal'
wide\t'The same with all columns, nothing shortened'
json\t'One JSON value; a stream is one object a line'
jsonl\t'One JSON object a line'
csv\t'Comma-separated, with a head line'
name\t'Only the name of each record'"
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and not __fish_seen_subcommand_from status up plan verify backup restore" -l fields -d 'Only these fields of each record, as kind,mint,reserves.real_quote' -r
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and not __fish_seen_subcommand_from status up plan verify backup restore" -l color -d 'Colour; auto heeds NO_COLOR and uses it on a terminal only' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and not __fish_seen_subcommand_from status up plan verify backup restore" -l confirm -d 'The text that would have to be typed' -r
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and not __fish_seen_subcommand_from status up plan verify backup restore" -l timeout -d 'How long a running bot may take to answer' -r
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and not __fish_seen_subcommand_from status up plan verify backup restore" -l json -d 'The same as -o json, errors too'
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and not __fish_seen_subcommand_from status up plan verify backup restore" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and not __fish_seen_subcommand_from status up plan verify backup restore" -s y -l yes -d 'Yes to what is asked with y/N'
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and not __fish_seen_subcommand_from status up plan verify backup restore" -l no-input -d 'Ask nothing: what would be asked is an error'
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and not __fish_seen_subcommand_from status up plan verify backup restore" -l no-progress -d 'No progress bars'
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and not __fish_seen_subcommand_from status up plan verify backup restore" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and not __fish_seen_subcommand_from status up plan verify backup restore" -f -a "status" -d 'Lists the migrations: applied, and still to be'
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and not __fish_seen_subcommand_from status up plan verify backup restore" -f -a "up" -d 'Applies what is not applied; makes the database where there is none'
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and not __fish_seen_subcommand_from status up plan verify backup restore" -f -a "plan" -d 'Prints the SQL that `up` would run'
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and not __fish_seen_subcommand_from status up plan verify backup restore" -f -a "verify" -d 'Checks everything: the file, the schema, every row, the sums of the books'
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and not __fish_seen_subcommand_from status up plan verify backup restore" -f -a "backup" -d 'Writes a copy of the book into a new file and reads it back'
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and not __fish_seen_subcommand_from status up plan verify backup restore" -f -a "restore" -d 'Puts a backup in the place of the book'
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from status" -l network -d 'Network of the book: mainnet, devnet, localnet, sim' -r
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from status" -l mode -d 'Mode of the book' -r -f -a "paper\t'Simulated fills'
dry-run\t'No orders'
live\t'Real money'"
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from status" -s c -l config -d 'Settings file; repeatable [default: momentum.toml here, if there is one]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from status" -s p -l profile -d 'Profile of settings: cautious, or profiles/NAME.toml beside a settings file' -r
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from status" -l set -d 'One setting, over all files: risk.max_position=0.2SOL; repeatable' -r
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from status" -l data-dir -d 'Folder of the books [default: momentum in the folder of your data, ~/.local/share]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from status" -l db -d 'Database of the book: sqlite:FILE, or postgres://HOST/NAME without a password [default: a file in its folder]' -r
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from status" -l instance -d 'Which of several bots on the same network and in the same mode' -r
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from status" -s o -l output -d 'Form of the output' -r -f -a "table\t'For people, as wide as the terminal'
wide\t'The same with all columns, nothing shortened'
json\t'One JSON value; a stream is one object a line'
jsonl\t'One JSON object a line'
csv\t'Comma-separated, with a head line'
name\t'Only the name of each record'"
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from status" -l fields -d 'Only these fields of each record, as kind,mint,reserves.real_quote' -r
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from status" -l color -d 'Colour; auto heeds NO_COLOR and uses it on a terminal only' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from status" -l confirm -d 'The text that would have to be typed' -r
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from status" -l timeout -d 'How long a running bot may take to answer' -r
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from status" -l json -d 'The same as -o json, errors too'
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from status" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from status" -s y -l yes -d 'Yes to what is asked with y/N'
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from status" -l no-input -d 'Ask nothing: what would be asked is an error'
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from status" -l no-progress -d 'No progress bars'
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from up" -l network -d 'Network of the book: mainnet, devnet, localnet, sim' -r
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from up" -l mode -d 'Mode of the book' -r -f -a "paper\t'Simulated fills'
dry-run\t'No orders'
live\t'Real money'"
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from up" -s c -l config -d 'Settings file; repeatable [default: momentum.toml here, if there is one]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from up" -s p -l profile -d 'Profile of settings: cautious, or profiles/NAME.toml beside a settings file' -r
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from up" -l set -d 'One setting, over all files: risk.max_position=0.2SOL; repeatable' -r
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from up" -l data-dir -d 'Folder of the books [default: momentum in the folder of your data, ~/.local/share]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from up" -l db -d 'Database of the book: sqlite:FILE, or postgres://HOST/NAME without a password [default: a file in its folder]' -r
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from up" -l instance -d 'Which of several bots on the same network and in the same mode' -r
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from up" -s o -l output -d 'Form of the output' -r -f -a "table\t'For people, as wide as the terminal'
wide\t'The same with all columns, nothing shortened'
json\t'One JSON value; a stream is one object a line'
jsonl\t'One JSON object a line'
csv\t'Comma-separated, with a head line'
name\t'Only the name of each record'"
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from up" -l fields -d 'Only these fields of each record, as kind,mint,reserves.real_quote' -r
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from up" -l color -d 'Colour; auto heeds NO_COLOR and uses it on a terminal only' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from up" -l confirm -d 'The text that would have to be typed' -r
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from up" -l timeout -d 'How long a running bot may take to answer' -r
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from up" -l json -d 'The same as -o json, errors too'
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from up" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from up" -s y -l yes -d 'Yes to what is asked with y/N'
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from up" -l no-input -d 'Ask nothing: what would be asked is an error'
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from up" -l no-progress -d 'No progress bars'
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from up" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from plan" -l network -d 'Network of the book: mainnet, devnet, localnet, sim' -r
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from plan" -l mode -d 'Mode of the book' -r -f -a "paper\t'Simulated fills'
dry-run\t'No orders'
live\t'Real money'"
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from plan" -s c -l config -d 'Settings file; repeatable [default: momentum.toml here, if there is one]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from plan" -s p -l profile -d 'Profile of settings: cautious, or profiles/NAME.toml beside a settings file' -r
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from plan" -l set -d 'One setting, over all files: risk.max_position=0.2SOL; repeatable' -r
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from plan" -l data-dir -d 'Folder of the books [default: momentum in the folder of your data, ~/.local/share]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from plan" -l db -d 'Database of the book: sqlite:FILE, or postgres://HOST/NAME without a password [default: a file in its folder]' -r
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from plan" -l instance -d 'Which of several bots on the same network and in the same mode' -r
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from plan" -s o -l output -d 'Form of the output' -r -f -a "table\t'For people, as wide as the terminal'
wide\t'The same with all columns, nothing shortened'
json\t'One JSON value; a stream is one object a line'
jsonl\t'One JSON object a line'
csv\t'Comma-separated, with a head line'
name\t'Only the name of each record'"
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from plan" -l fields -d 'Only these fields of each record, as kind,mint,reserves.real_quote' -r
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from plan" -l color -d 'Colour; auto heeds NO_COLOR and uses it on a terminal only' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from plan" -l confirm -d 'The text that would have to be typed' -r
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from plan" -l timeout -d 'How long a running bot may take to answer' -r
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from plan" -l json -d 'The same as -o json, errors too'
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from plan" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from plan" -s y -l yes -d 'Yes to what is asked with y/N'
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from plan" -l no-input -d 'Ask nothing: what would be asked is an error'
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from plan" -l no-progress -d 'No progress bars'
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from plan" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from verify" -l network -d 'Network of the book: mainnet, devnet, localnet, sim' -r
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from verify" -l mode -d 'Mode of the book' -r -f -a "paper\t'Simulated fills'
dry-run\t'No orders'
live\t'Real money'"
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from verify" -s c -l config -d 'Settings file; repeatable [default: momentum.toml here, if there is one]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from verify" -s p -l profile -d 'Profile of settings: cautious, or profiles/NAME.toml beside a settings file' -r
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from verify" -l set -d 'One setting, over all files: risk.max_position=0.2SOL; repeatable' -r
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from verify" -l data-dir -d 'Folder of the books [default: momentum in the folder of your data, ~/.local/share]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from verify" -l db -d 'Database of the book: sqlite:FILE, or postgres://HOST/NAME without a password [default: a file in its folder]' -r
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from verify" -l instance -d 'Which of several bots on the same network and in the same mode' -r
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from verify" -s o -l output -d 'Form of the output' -r -f -a "table\t'For people, as wide as the terminal'
wide\t'The same with all columns, nothing shortened'
json\t'One JSON value; a stream is one object a line'
jsonl\t'One JSON object a line'
csv\t'Comma-separated, with a head line'
name\t'Only the name of each record'"
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from verify" -l fields -d 'Only these fields of each record, as kind,mint,reserves.real_quote' -r
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from verify" -l color -d 'Colour; auto heeds NO_COLOR and uses it on a terminal only' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from verify" -l confirm -d 'The text that would have to be typed' -r
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from verify" -l timeout -d 'How long a running bot may take to answer' -r
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from verify" -l json -d 'The same as -o json, errors too'
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from verify" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from verify" -s y -l yes -d 'Yes to what is asked with y/N'
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from verify" -l no-input -d 'Ask nothing: what would be asked is an error'
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from verify" -l no-progress -d 'No progress bars'
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from verify" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from backup" -l network -d 'Network of the book: mainnet, devnet, localnet, sim' -r
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from backup" -l mode -d 'Mode of the book' -r -f -a "paper\t'Simulated fills'
dry-run\t'No orders'
live\t'Real money'"
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from backup" -s c -l config -d 'Settings file; repeatable [default: momentum.toml here, if there is one]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from backup" -s p -l profile -d 'Profile of settings: cautious, or profiles/NAME.toml beside a settings file' -r
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from backup" -l set -d 'One setting, over all files: risk.max_position=0.2SOL; repeatable' -r
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from backup" -l data-dir -d 'Folder of the books [default: momentum in the folder of your data, ~/.local/share]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from backup" -l db -d 'Database of the book: sqlite:FILE, or postgres://HOST/NAME without a password [default: a file in its folder]' -r
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from backup" -l instance -d 'Which of several bots on the same network and in the same mode' -r
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from backup" -s o -l output -d 'Form of the output' -r -f -a "table\t'For people, as wide as the terminal'
wide\t'The same with all columns, nothing shortened'
json\t'One JSON value; a stream is one object a line'
jsonl\t'One JSON object a line'
csv\t'Comma-separated, with a head line'
name\t'Only the name of each record'"
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from backup" -l fields -d 'Only these fields of each record, as kind,mint,reserves.real_quote' -r
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from backup" -l color -d 'Colour; auto heeds NO_COLOR and uses it on a terminal only' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from backup" -l confirm -d 'The text that would have to be typed' -r
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from backup" -l timeout -d 'How long a running bot may take to answer' -r
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from backup" -l json -d 'The same as -o json, errors too'
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from backup" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from backup" -s y -l yes -d 'Yes to what is asked with y/N'
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from backup" -l no-input -d 'Ask nothing: what would be asked is an error'
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from backup" -l no-progress -d 'No progress bars'
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from backup" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from restore" -l network -d 'Network of the book: mainnet, devnet, localnet, sim' -r
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from restore" -l mode -d 'Mode of the book' -r -f -a "paper\t'Simulated fills'
dry-run\t'No orders'
live\t'Real money'"
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from restore" -s c -l config -d 'Settings file; repeatable [default: momentum.toml here, if there is one]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from restore" -s p -l profile -d 'Profile of settings: cautious, or profiles/NAME.toml beside a settings file' -r
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from restore" -l set -d 'One setting, over all files: risk.max_position=0.2SOL; repeatable' -r
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from restore" -l data-dir -d 'Folder of the books [default: momentum in the folder of your data, ~/.local/share]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from restore" -l db -d 'Database of the book: sqlite:FILE, or postgres://HOST/NAME without a password [default: a file in its folder]' -r
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from restore" -l instance -d 'Which of several bots on the same network and in the same mode' -r
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from restore" -s o -l output -d 'Form of the output' -r -f -a "table\t'For people, as wide as the terminal'
wide\t'The same with all columns, nothing shortened'
json\t'One JSON value; a stream is one object a line'
jsonl\t'One JSON object a line'
csv\t'Comma-separated, with a head line'
name\t'Only the name of each record'"
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from restore" -l fields -d 'Only these fields of each record, as kind,mint,reserves.real_quote' -r
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from restore" -l color -d 'Colour; auto heeds NO_COLOR and uses it on a terminal only' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from restore" -l confirm -d 'The text that would have to be typed' -r
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from restore" -l timeout -d 'How long a running bot may take to answer' -r
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from restore" -l json -d 'The same as -o json, errors too'
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from restore" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from restore" -s y -l yes -d 'Yes to what is asked with y/N'
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from restore" -l no-input -d 'Ask nothing: what would be asked is an error'
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from restore" -l no-progress -d 'No progress bars'
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from restore" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c momentum -n "__fish_momentum_using_subcommand config; and not __fish_seen_subcommand_from init show get set diff explain arm disarm keystore validate reload schema" -s c -l config -d 'Settings file; repeatable [default: momentum.toml here, if there is one]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand config; and not __fish_seen_subcommand_from init show get set diff explain arm disarm keystore validate reload schema" -s p -l profile -d 'Profile of settings: cautious, or profiles/NAME.toml beside a settings file' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and not __fish_seen_subcommand_from init show get set diff explain arm disarm keystore validate reload schema" -l set -d 'One setting, over all files: risk.max_position=0.2SOL; repeatable' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and not __fish_seen_subcommand_from init show get set diff explain arm disarm keystore validate reload schema" -l data-dir -d 'Folder of the books [default: momentum in the folder of your data, ~/.local/share]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand config; and not __fish_seen_subcommand_from init show get set diff explain arm disarm keystore validate reload schema" -l db -d 'Database of the book: sqlite:FILE, or postgres://HOST/NAME without a password [default: a file in its folder]' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and not __fish_seen_subcommand_from init show get set diff explain arm disarm keystore validate reload schema" -l instance -d 'Which of several bots on the same network and in the same mode' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and not __fish_seen_subcommand_from init show get set diff explain arm disarm keystore validate reload schema" -s o -l output -d 'Form of the output' -r -f -a "table\t'For people, as wide as the terminal'
wide\t'The same with all columns, nothing shortened'
json\t'One JSON value; a stream is one object a line'
jsonl\t'One JSON object a line'
csv\t'Comma-separated, with a head line'
name\t'Only the name of each record'"
complete -c momentum -n "__fish_momentum_using_subcommand config; and not __fish_seen_subcommand_from init show get set diff explain arm disarm keystore validate reload schema" -l fields -d 'Only these fields of each record, as kind,mint,reserves.real_quote' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and not __fish_seen_subcommand_from init show get set diff explain arm disarm keystore validate reload schema" -l color -d 'Colour; auto heeds NO_COLOR and uses it on a terminal only' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c momentum -n "__fish_momentum_using_subcommand config; and not __fish_seen_subcommand_from init show get set diff explain arm disarm keystore validate reload schema" -l confirm -d 'The text that would have to be typed' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and not __fish_seen_subcommand_from init show get set diff explain arm disarm keystore validate reload schema" -l timeout -d 'How long a running bot may take to answer' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and not __fish_seen_subcommand_from init show get set diff explain arm disarm keystore validate reload schema" -l json -d 'The same as -o json, errors too'
complete -c momentum -n "__fish_momentum_using_subcommand config; and not __fish_seen_subcommand_from init show get set diff explain arm disarm keystore validate reload schema" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c momentum -n "__fish_momentum_using_subcommand config; and not __fish_seen_subcommand_from init show get set diff explain arm disarm keystore validate reload schema" -s y -l yes -d 'Yes to what is asked with y/N'
complete -c momentum -n "__fish_momentum_using_subcommand config; and not __fish_seen_subcommand_from init show get set diff explain arm disarm keystore validate reload schema" -l no-input -d 'Ask nothing: what would be asked is an error'
complete -c momentum -n "__fish_momentum_using_subcommand config; and not __fish_seen_subcommand_from init show get set diff explain arm disarm keystore validate reload schema" -l no-progress -d 'No progress bars'
complete -c momentum -n "__fish_momentum_using_subcommand config; and not __fish_seen_subcommand_from init show get set diff explain arm disarm keystore validate reload schema" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c momentum -n "__fish_momentum_using_subcommand config; and not __fish_seen_subcommand_from init show get set diff explain arm disarm keystore validate reload schema" -f -a "init" -d 'Writes a settings file with every key explained and commented out'
complete -c momentum -n "__fish_momentum_using_subcommand config; and not __fish_seen_subcommand_from init show get set diff explain arm disarm keystore validate reload schema" -f -a "show" -d 'Prints the settings that are in force'
complete -c momentum -n "__fish_momentum_using_subcommand config; and not __fish_seen_subcommand_from init show get set diff explain arm disarm keystore validate reload schema" -f -a "get" -d 'Prints the value of one key'
complete -c momentum -n "__fish_momentum_using_subcommand config; and not __fish_seen_subcommand_from init show get set diff explain arm disarm keystore validate reload schema" -f -a "set" -d 'Changes one key in a settings file, its comments kept: checked first, and its consequences said'
complete -c momentum -n "__fish_momentum_using_subcommand config; and not __fish_seen_subcommand_from init show get set diff explain arm disarm keystore validate reload schema" -f -a "diff" -d 'What is in force and is not a default; or what another file would change'
complete -c momentum -n "__fish_momentum_using_subcommand config; and not __fish_seen_subcommand_from init show get set diff explain arm disarm keystore validate reload schema" -f -a "explain" -d 'All about one key: what it does, its range, its value and where that was said'
complete -c momentum -n "__fish_momentum_using_subcommand config; and not __fish_seen_subcommand_from init show get set diff explain arm disarm keystore validate reload schema" -f -a "arm" -d 'Permits live trading: for one book, its wallets, its limits, a loss and a time'
complete -c momentum -n "__fish_momentum_using_subcommand config; and not __fish_seen_subcommand_from init show get set diff explain arm disarm keystore validate reload schema" -f -a "disarm" -d 'Takes that permission back: a running bot enters nothing more'
complete -c momentum -n "__fish_momentum_using_subcommand config; and not __fish_seen_subcommand_from init show get set diff explain arm disarm keystore validate reload schema" -f -a "keystore" -d 'Encrypts a key that solana-keygen made with a passphrase'
complete -c momentum -n "__fish_momentum_using_subcommand config; and not __fish_seen_subcommand_from init show get set diff explain arm disarm keystore validate reload schema" -f -a "validate" -d 'Checks the settings: all errors at once, and what is allowed but surely not meant'
complete -c momentum -n "__fish_momentum_using_subcommand config; and not __fish_seen_subcommand_from init show get set diff explain arm disarm keystore validate reload schema" -f -a "reload" -d 'Has a running bot read its settings again: all is taken over, or nothing and it says why'
complete -c momentum -n "__fish_momentum_using_subcommand config; and not __fish_seen_subcommand_from init show get set diff explain arm disarm keystore validate reload schema" -f -a "schema" -d 'Prints the JSON Schema of the settings file, for editors'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from init" -s c -l config -d 'Settings file; repeatable [default: momentum.toml here, if there is one]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from init" -s p -l profile -d 'Profile of settings: cautious, or profiles/NAME.toml beside a settings file' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from init" -l set -d 'One setting, over all files: risk.max_position=0.2SOL; repeatable' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from init" -l data-dir -d 'Folder of the books [default: momentum in the folder of your data, ~/.local/share]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from init" -l db -d 'Database of the book: sqlite:FILE, or postgres://HOST/NAME without a password [default: a file in its folder]' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from init" -l instance -d 'Which of several bots on the same network and in the same mode' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from init" -s o -l output -d 'Form of the output' -r -f -a "table\t'For people, as wide as the terminal'
wide\t'The same with all columns, nothing shortened'
json\t'One JSON value; a stream is one object a line'
jsonl\t'One JSON object a line'
csv\t'Comma-separated, with a head line'
name\t'Only the name of each record'"
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from init" -l fields -d 'Only these fields of each record, as kind,mint,reserves.real_quote' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from init" -l color -d 'Colour; auto heeds NO_COLOR and uses it on a terminal only' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from init" -l confirm -d 'The text that would have to be typed' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from init" -l timeout -d 'How long a running bot may take to answer' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from init" -l force -d 'Overwrite the file if it is there'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from init" -l json -d 'The same as -o json, errors too'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from init" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from init" -s y -l yes -d 'Yes to what is asked with y/N'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from init" -l no-input -d 'Ask nothing: what would be asked is an error'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from init" -l no-progress -d 'No progress bars'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from init" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from show" -s c -l config -d 'Settings file; repeatable [default: momentum.toml here, if there is one]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from show" -s p -l profile -d 'Profile of settings: cautious, or profiles/NAME.toml beside a settings file' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from show" -l set -d 'One setting, over all files: risk.max_position=0.2SOL; repeatable' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from show" -l data-dir -d 'Folder of the books [default: momentum in the folder of your data, ~/.local/share]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from show" -l db -d 'Database of the book: sqlite:FILE, or postgres://HOST/NAME without a password [default: a file in its folder]' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from show" -l instance -d 'Which of several bots on the same network and in the same mode' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from show" -s o -l output -d 'Form of the output' -r -f -a "table\t'For people, as wide as the terminal'
wide\t'The same with all columns, nothing shortened'
json\t'One JSON value; a stream is one object a line'
jsonl\t'One JSON object a line'
csv\t'Comma-separated, with a head line'
name\t'Only the name of each record'"
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from show" -l fields -d 'Only these fields of each record, as kind,mint,reserves.real_quote' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from show" -l color -d 'Colour; auto heeds NO_COLOR and uses it on a terminal only' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from show" -l confirm -d 'The text that would have to be typed' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from show" -l timeout -d 'How long a running bot may take to answer' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from show" -l origin -d 'Where each value was said, and what it masks'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from show" -l json -d 'The same as -o json, errors too'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from show" -s y -l yes -d 'Yes to what is asked with y/N'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from show" -l no-input -d 'Ask nothing: what would be asked is an error'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from show" -l no-progress -d 'No progress bars'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from get" -s c -l config -d 'Settings file; repeatable [default: momentum.toml here, if there is one]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from get" -s p -l profile -d 'Profile of settings: cautious, or profiles/NAME.toml beside a settings file' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from get" -l set -d 'One setting, over all files: risk.max_position=0.2SOL; repeatable' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from get" -l data-dir -d 'Folder of the books [default: momentum in the folder of your data, ~/.local/share]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from get" -l db -d 'Database of the book: sqlite:FILE, or postgres://HOST/NAME without a password [default: a file in its folder]' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from get" -l instance -d 'Which of several bots on the same network and in the same mode' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from get" -s o -l output -d 'Form of the output' -r -f -a "table\t'For people, as wide as the terminal'
wide\t'The same with all columns, nothing shortened'
json\t'One JSON value; a stream is one object a line'
jsonl\t'One JSON object a line'
csv\t'Comma-separated, with a head line'
name\t'Only the name of each record'"
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from get" -l fields -d 'Only these fields of each record, as kind,mint,reserves.real_quote' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from get" -l color -d 'Colour; auto heeds NO_COLOR and uses it on a terminal only' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from get" -l confirm -d 'The text that would have to be typed' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from get" -l timeout -d 'How long a running bot may take to answer' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from get" -l json -d 'The same as -o json, errors too'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from get" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from get" -s y -l yes -d 'Yes to what is asked with y/N'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from get" -l no-input -d 'Ask nothing: what would be asked is an error'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from get" -l no-progress -d 'No progress bars'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from get" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from set" -s c -l config -d 'Settings file; repeatable [default: momentum.toml here, if there is one]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from set" -s p -l profile -d 'Profile of settings: cautious, or profiles/NAME.toml beside a settings file' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from set" -l set -d 'One setting, over all files: risk.max_position=0.2SOL; repeatable' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from set" -l data-dir -d 'Folder of the books [default: momentum in the folder of your data, ~/.local/share]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from set" -l db -d 'Database of the book: sqlite:FILE, or postgres://HOST/NAME without a password [default: a file in its folder]' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from set" -l instance -d 'Which of several bots on the same network and in the same mode' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from set" -s o -l output -d 'Form of the output' -r -f -a "table\t'For people, as wide as the terminal'
wide\t'The same with all columns, nothing shortened'
json\t'One JSON value; a stream is one object a line'
jsonl\t'One JSON object a line'
csv\t'Comma-separated, with a head line'
name\t'Only the name of each record'"
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from set" -l fields -d 'Only these fields of each record, as kind,mint,reserves.real_quote' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from set" -l color -d 'Colour; auto heeds NO_COLOR and uses it on a terminal only' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from set" -l confirm -d 'The text that would have to be typed' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from set" -l timeout -d 'How long a running bot may take to answer' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from set" -l dry-run -d 'Say what would follow, and write nothing'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from set" -l json -d 'The same as -o json, errors too'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from set" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from set" -s y -l yes -d 'Yes to what is asked with y/N'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from set" -l no-input -d 'Ask nothing: what would be asked is an error'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from set" -l no-progress -d 'No progress bars'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from set" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from diff" -s c -l config -d 'Settings file; repeatable [default: momentum.toml here, if there is one]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from diff" -s p -l profile -d 'Profile of settings: cautious, or profiles/NAME.toml beside a settings file' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from diff" -l set -d 'One setting, over all files: risk.max_position=0.2SOL; repeatable' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from diff" -l data-dir -d 'Folder of the books [default: momentum in the folder of your data, ~/.local/share]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from diff" -l db -d 'Database of the book: sqlite:FILE, or postgres://HOST/NAME without a password [default: a file in its folder]' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from diff" -l instance -d 'Which of several bots on the same network and in the same mode' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from diff" -s o -l output -d 'Form of the output' -r -f -a "table\t'For people, as wide as the terminal'
wide\t'The same with all columns, nothing shortened'
json\t'One JSON value; a stream is one object a line'
jsonl\t'One JSON object a line'
csv\t'Comma-separated, with a head line'
name\t'Only the name of each record'"
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from diff" -l fields -d 'Only these fields of each record, as kind,mint,reserves.real_quote' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from diff" -l color -d 'Colour; auto heeds NO_COLOR and uses it on a terminal only' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from diff" -l confirm -d 'The text that would have to be typed' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from diff" -l timeout -d 'How long a running bot may take to answer' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from diff" -l json -d 'The same as -o json, errors too'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from diff" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from diff" -s y -l yes -d 'Yes to what is asked with y/N'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from diff" -l no-input -d 'Ask nothing: what would be asked is an error'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from diff" -l no-progress -d 'No progress bars'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from diff" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from explain" -s c -l config -d 'Settings file; repeatable [default: momentum.toml here, if there is one]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from explain" -s p -l profile -d 'Profile of settings: cautious, or profiles/NAME.toml beside a settings file' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from explain" -l set -d 'One setting, over all files: risk.max_position=0.2SOL; repeatable' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from explain" -l data-dir -d 'Folder of the books [default: momentum in the folder of your data, ~/.local/share]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from explain" -l db -d 'Database of the book: sqlite:FILE, or postgres://HOST/NAME without a password [default: a file in its folder]' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from explain" -l instance -d 'Which of several bots on the same network and in the same mode' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from explain" -s o -l output -d 'Form of the output' -r -f -a "table\t'For people, as wide as the terminal'
wide\t'The same with all columns, nothing shortened'
json\t'One JSON value; a stream is one object a line'
jsonl\t'One JSON object a line'
csv\t'Comma-separated, with a head line'
name\t'Only the name of each record'"
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from explain" -l fields -d 'Only these fields of each record, as kind,mint,reserves.real_quote' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from explain" -l color -d 'Colour; auto heeds NO_COLOR and uses it on a terminal only' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from explain" -l confirm -d 'The text that would have to be typed' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from explain" -l timeout -d 'How long a running bot may take to answer' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from explain" -l json -d 'The same as -o json, errors too'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from explain" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from explain" -s y -l yes -d 'Yes to what is asked with y/N'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from explain" -l no-input -d 'Ask nothing: what would be asked is an error'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from explain" -l no-progress -d 'No progress bars'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from explain" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from arm" -l max-loss -d 'Most that may be lost from here on' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from arm" -l for -d 'It ends by itself after this time' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from arm" -l network -d 'Network of the book: mainnet, devnet, localnet, sim' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from arm" -l mode -d 'Mode of the book' -r -f -a "paper\t'Simulated fills'
dry-run\t'No orders'
live\t'Real money'"
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from arm" -s c -l config -d 'Settings file; repeatable [default: momentum.toml here, if there is one]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from arm" -s p -l profile -d 'Profile of settings: cautious, or profiles/NAME.toml beside a settings file' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from arm" -l set -d 'One setting, over all files: risk.max_position=0.2SOL; repeatable' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from arm" -l data-dir -d 'Folder of the books [default: momentum in the folder of your data, ~/.local/share]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from arm" -l db -d 'Database of the book: sqlite:FILE, or postgres://HOST/NAME without a password [default: a file in its folder]' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from arm" -l instance -d 'Which of several bots on the same network and in the same mode' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from arm" -s o -l output -d 'Form of the output' -r -f -a "table\t'For people, as wide as the terminal'
wide\t'The same with all columns, nothing shortened'
json\t'One JSON value; a stream is one object a line'
jsonl\t'One JSON object a line'
csv\t'Comma-separated, with a head line'
name\t'Only the name of each record'"
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from arm" -l fields -d 'Only these fields of each record, as kind,mint,reserves.real_quote' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from arm" -l color -d 'Colour; auto heeds NO_COLOR and uses it on a terminal only' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from arm" -l confirm -d 'The text that would have to be typed' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from arm" -l timeout -d 'How long a running bot may take to answer' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from arm" -l until-revoked -d 'It ends by `config disarm` alone'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from arm" -l json -d 'The same as -o json, errors too'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from arm" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from arm" -s y -l yes -d 'Yes to what is asked with y/N'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from arm" -l no-input -d 'Ask nothing: what would be asked is an error'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from arm" -l no-progress -d 'No progress bars'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from arm" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from disarm" -l network -d 'Network of the book: mainnet, devnet, localnet, sim' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from disarm" -l mode -d 'Mode of the book' -r -f -a "paper\t'Simulated fills'
dry-run\t'No orders'
live\t'Real money'"
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from disarm" -s c -l config -d 'Settings file; repeatable [default: momentum.toml here, if there is one]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from disarm" -s p -l profile -d 'Profile of settings: cautious, or profiles/NAME.toml beside a settings file' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from disarm" -l set -d 'One setting, over all files: risk.max_position=0.2SOL; repeatable' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from disarm" -l data-dir -d 'Folder of the books [default: momentum in the folder of your data, ~/.local/share]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from disarm" -l db -d 'Database of the book: sqlite:FILE, or postgres://HOST/NAME without a password [default: a file in its folder]' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from disarm" -l instance -d 'Which of several bots on the same network and in the same mode' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from disarm" -s o -l output -d 'Form of the output' -r -f -a "table\t'For people, as wide as the terminal'
wide\t'The same with all columns, nothing shortened'
json\t'One JSON value; a stream is one object a line'
jsonl\t'One JSON object a line'
csv\t'Comma-separated, with a head line'
name\t'Only the name of each record'"
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from disarm" -l fields -d 'Only these fields of each record, as kind,mint,reserves.real_quote' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from disarm" -l color -d 'Colour; auto heeds NO_COLOR and uses it on a terminal only' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from disarm" -l confirm -d 'The text that would have to be typed' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from disarm" -l timeout -d 'How long a running bot may take to answer' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from disarm" -l json -d 'The same as -o json, errors too'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from disarm" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from disarm" -s y -l yes -d 'Yes to what is asked with y/N'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from disarm" -l no-input -d 'Ask nothing: what would be asked is an error'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from disarm" -l no-progress -d 'No progress bars'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from disarm" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from keystore" -l passphrase-file -d 'The passphrase is the first line of this file [default: wallets.passphrase, or it is asked for twice]' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from keystore" -s c -l config -d 'Settings file; repeatable [default: momentum.toml here, if there is one]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from keystore" -s p -l profile -d 'Profile of settings: cautious, or profiles/NAME.toml beside a settings file' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from keystore" -l set -d 'One setting, over all files: risk.max_position=0.2SOL; repeatable' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from keystore" -l data-dir -d 'Folder of the books [default: momentum in the folder of your data, ~/.local/share]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from keystore" -l db -d 'Database of the book: sqlite:FILE, or postgres://HOST/NAME without a password [default: a file in its folder]' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from keystore" -l instance -d 'Which of several bots on the same network and in the same mode' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from keystore" -s o -l output -d 'Form of the output' -r -f -a "table\t'For people, as wide as the terminal'
wide\t'The same with all columns, nothing shortened'
json\t'One JSON value; a stream is one object a line'
jsonl\t'One JSON object a line'
csv\t'Comma-separated, with a head line'
name\t'Only the name of each record'"
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from keystore" -l fields -d 'Only these fields of each record, as kind,mint,reserves.real_quote' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from keystore" -l color -d 'Colour; auto heeds NO_COLOR and uses it on a terminal only' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from keystore" -l confirm -d 'The text that would have to be typed' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from keystore" -l timeout -d 'How long a running bot may take to answer' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from keystore" -l force -d 'Overwrite the file if it is there'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from keystore" -l json -d 'The same as -o json, errors too'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from keystore" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from keystore" -s y -l yes -d 'Yes to what is asked with y/N'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from keystore" -l no-input -d 'Ask nothing: what would be asked is an error'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from keystore" -l no-progress -d 'No progress bars'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from keystore" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from validate" -s c -l config -d 'Settings file; repeatable [default: momentum.toml here, if there is one]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from validate" -s p -l profile -d 'Profile of settings: cautious, or profiles/NAME.toml beside a settings file' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from validate" -l set -d 'One setting, over all files: risk.max_position=0.2SOL; repeatable' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from validate" -l data-dir -d 'Folder of the books [default: momentum in the folder of your data, ~/.local/share]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from validate" -l db -d 'Database of the book: sqlite:FILE, or postgres://HOST/NAME without a password [default: a file in its folder]' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from validate" -l instance -d 'Which of several bots on the same network and in the same mode' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from validate" -s o -l output -d 'Form of the output' -r -f -a "table\t'For people, as wide as the terminal'
wide\t'The same with all columns, nothing shortened'
json\t'One JSON value; a stream is one object a line'
jsonl\t'One JSON object a line'
csv\t'Comma-separated, with a head line'
name\t'Only the name of each record'"
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from validate" -l fields -d 'Only these fields of each record, as kind,mint,reserves.real_quote' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from validate" -l color -d 'Colour; auto heeds NO_COLOR and uses it on a terminal only' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from validate" -l confirm -d 'The text that would have to be typed' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from validate" -l timeout -d 'How long a running bot may take to answer' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from validate" -l json -d 'The same as -o json, errors too'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from validate" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from validate" -s y -l yes -d 'Yes to what is asked with y/N'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from validate" -l no-input -d 'Ask nothing: what would be asked is an error'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from validate" -l no-progress -d 'No progress bars'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from validate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from reload" -l why -d 'Why, for the audit' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from reload" -l network -d 'Network of the book: mainnet, devnet, localnet, sim' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from reload" -l mode -d 'Mode of the book' -r -f -a "paper\t'Simulated fills'
dry-run\t'No orders'
live\t'Real money'"
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from reload" -s c -l config -d 'Settings file; repeatable [default: momentum.toml here, if there is one]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from reload" -s p -l profile -d 'Profile of settings: cautious, or profiles/NAME.toml beside a settings file' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from reload" -l set -d 'One setting, over all files: risk.max_position=0.2SOL; repeatable' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from reload" -l data-dir -d 'Folder of the books [default: momentum in the folder of your data, ~/.local/share]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from reload" -l db -d 'Database of the book: sqlite:FILE, or postgres://HOST/NAME without a password [default: a file in its folder]' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from reload" -l instance -d 'Which of several bots on the same network and in the same mode' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from reload" -s o -l output -d 'Form of the output' -r -f -a "table\t'For people, as wide as the terminal'
wide\t'The same with all columns, nothing shortened'
json\t'One JSON value; a stream is one object a line'
jsonl\t'One JSON object a line'
csv\t'Comma-separated, with a head line'
name\t'Only the name of each record'"
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from reload" -l fields -d 'Only these fields of each record, as kind,mint,reserves.real_quote' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from reload" -l color -d 'Colour; auto heeds NO_COLOR and uses it on a terminal only' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from reload" -l confirm -d 'The text that would have to be typed' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from reload" -l timeout -d 'How long a running bot may take to answer' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from reload" -l json -d 'The same as -o json, errors too'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from reload" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from reload" -s y -l yes -d 'Yes to what is asked with y/N'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from reload" -l no-input -d 'Ask nothing: what would be asked is an error'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from reload" -l no-progress -d 'No progress bars'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from reload" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from schema" -s c -l config -d 'Settings file; repeatable [default: momentum.toml here, if there is one]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from schema" -s p -l profile -d 'Profile of settings: cautious, or profiles/NAME.toml beside a settings file' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from schema" -l set -d 'One setting, over all files: risk.max_position=0.2SOL; repeatable' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from schema" -l data-dir -d 'Folder of the books [default: momentum in the folder of your data, ~/.local/share]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from schema" -l db -d 'Database of the book: sqlite:FILE, or postgres://HOST/NAME without a password [default: a file in its folder]' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from schema" -l instance -d 'Which of several bots on the same network and in the same mode' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from schema" -s o -l output -d 'Form of the output' -r -f -a "table\t'For people, as wide as the terminal'
wide\t'The same with all columns, nothing shortened'
json\t'One JSON value; a stream is one object a line'
jsonl\t'One JSON object a line'
csv\t'Comma-separated, with a head line'
name\t'Only the name of each record'"
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from schema" -l fields -d 'Only these fields of each record, as kind,mint,reserves.real_quote' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from schema" -l color -d 'Colour; auto heeds NO_COLOR and uses it on a terminal only' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from schema" -l confirm -d 'The text that would have to be typed' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from schema" -l timeout -d 'How long a running bot may take to answer' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from schema" -l json -d 'The same as -o json, errors too'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from schema" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from schema" -s y -l yes -d 'Yes to what is asked with y/N'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from schema" -l no-input -d 'Ask nothing: what would be asked is an error'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from schema" -l no-progress -d 'No progress bars'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from schema" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c momentum -n "__fish_momentum_using_subcommand completions" -l dir -d 'The folder for the man pages, one for each command' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand completions" -s c -l config -d 'Settings file; repeatable [default: momentum.toml here, if there is one]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand completions" -s p -l profile -d 'Profile of settings: cautious, or profiles/NAME.toml beside a settings file' -r
complete -c momentum -n "__fish_momentum_using_subcommand completions" -l set -d 'One setting, over all files: risk.max_position=0.2SOL; repeatable' -r
complete -c momentum -n "__fish_momentum_using_subcommand completions" -l data-dir -d 'Folder of the books [default: momentum in the folder of your data, ~/.local/share]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand completions" -l db -d 'Database of the book: sqlite:FILE, or postgres://HOST/NAME without a password [default: a file in its folder]' -r
complete -c momentum -n "__fish_momentum_using_subcommand completions" -l instance -d 'Which of several bots on the same network and in the same mode' -r
complete -c momentum -n "__fish_momentum_using_subcommand completions" -s o -l output -d 'Form of the output' -r -f -a "table\t'For people, as wide as the terminal'
wide\t'The same with all columns, nothing shortened'
json\t'One JSON value; a stream is one object a line'
jsonl\t'One JSON object a line'
csv\t'Comma-separated, with a head line'
name\t'Only the name of each record'"
complete -c momentum -n "__fish_momentum_using_subcommand completions" -l fields -d 'Only these fields of each record, as kind,mint,reserves.real_quote' -r
complete -c momentum -n "__fish_momentum_using_subcommand completions" -l color -d 'Colour; auto heeds NO_COLOR and uses it on a terminal only' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c momentum -n "__fish_momentum_using_subcommand completions" -l confirm -d 'The text that would have to be typed' -r
complete -c momentum -n "__fish_momentum_using_subcommand completions" -l timeout -d 'How long a running bot may take to answer' -r
complete -c momentum -n "__fish_momentum_using_subcommand completions" -l json -d 'The same as -o json, errors too'
complete -c momentum -n "__fish_momentum_using_subcommand completions" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c momentum -n "__fish_momentum_using_subcommand completions" -s y -l yes -d 'Yes to what is asked with y/N'
complete -c momentum -n "__fish_momentum_using_subcommand completions" -l no-input -d 'Ask nothing: what would be asked is an error'
complete -c momentum -n "__fish_momentum_using_subcommand completions" -l no-progress -d 'No progress bars'
complete -c momentum -n "__fish_momentum_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
