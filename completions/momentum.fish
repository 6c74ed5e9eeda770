# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_momentum_global_optspecs
    string join \n c/config= p/profile= set= o/output= json fields= q/quiet color= no-progress h/help V/version
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
complete -c momentum -n "__fish_momentum_needs_command" -l json -d 'The same as -o json, errors too'
complete -c momentum -n "__fish_momentum_needs_command" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c momentum -n "__fish_momentum_needs_command" -l no-progress -d 'No progress bars'
complete -c momentum -n "__fish_momentum_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c momentum -n "__fish_momentum_needs_command" -s V -l version -d 'Print version'
complete -c momentum -n "__fish_momentum_needs_command" -f -a "run" -d 'The whole bot: streams, scores, trades on paper'
complete -c momentum -n "__fish_momentum_needs_command" -f -a "monitor" -d 'What happens on chain, as records: the first stage of the pipe'
complete -c momentum -n "__fish_momentum_needs_command" -f -a "score" -d 'Measures and scores the tokens of a pipe: its second stage'
complete -c momentum -n "__fish_momentum_needs_command" -f -a "trade" -d 'Prices a swap, or trades the signals of a pipe'
complete -c momentum -n "__fish_momentum_needs_command" -f -a "backtest" -d 'What the strategy would have done'
complete -c momentum -n "__fish_momentum_needs_command" -f -a "migrate" -d 'The database: its schema, backups, whether it is whole'
complete -c momentum -n "__fish_momentum_needs_command" -f -a "config" -d 'Settings: write a file, see what is in force and why, check'
complete -c momentum -n "__fish_momentum_needs_command" -f -a "completions" -d 'Completion scripts for shells'
complete -c momentum -n "__fish_momentum_using_subcommand run" -l source -d 'The embedded market (SIMULATED), or a recording (needs --replay)' -r -f -a "sim\t'The embedded market'
replay\t'A recording'"
complete -c momentum -n "__fish_momentum_using_subcommand run" -l replay -d 'Recorded transactions or event records: a file, or a folder of files' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand run" -l seed -d 'Names the embedded market\'s stream: the same seed gives the same stream' -r
complete -c momentum -n "__fish_momentum_using_subcommand run" -l speed -d 'Market seconds per second, or max [default: 30 in the embedded market, max in a replay]' -r
complete -c momentum -n "__fish_momentum_using_subcommand run" -l until -d 'End after so much market time (90min, 24h; warm-up included) or at a time (2026-01-01T06:00:00Z)' -r
complete -c momentum -n "__fish_momentum_using_subcommand run" -l mode -d 'paper: simulated fills. dry-run: every gate, no orders' -r -f -a "paper\t'Filled by the simulated venue'
dry-run\t'No orders: what would be bought is recorded'"
complete -c momentum -n "__fish_momentum_using_subcommand run" -l on-exit -d 'What becomes of open positions at the end' -r -f -a "hold\t'They stay open'
flatten\t'They are sold first'"
complete -c momentum -n "__fish_momentum_using_subcommand run" -s c -l config -d 'Settings file; repeatable [default: momentum.toml here, if there is one]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand run" -s p -l profile -d 'Profile of settings: cautious, or profiles/NAME.toml beside a settings file' -r
complete -c momentum -n "__fish_momentum_using_subcommand run" -l set -d 'One setting, over all files: risk.max_position=0.2SOL; repeatable' -r
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
complete -c momentum -n "__fish_momentum_using_subcommand run" -l json -d 'The same as -o json, errors too'
complete -c momentum -n "__fish_momentum_using_subcommand run" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c momentum -n "__fish_momentum_using_subcommand run" -l no-progress -d 'No progress bars'
complete -c momentum -n "__fish_momentum_using_subcommand run" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c momentum -n "__fish_momentum_using_subcommand monitor" -l source -d 'The embedded market (SIMULATED), or a recording (needs --replay)' -r -f -a "sim\t'The embedded market'
replay\t'A recording'"
complete -c momentum -n "__fish_momentum_using_subcommand monitor" -l replay -d 'Recorded transactions or event records: a file, or a folder of files' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand monitor" -l seed -d 'Names the embedded market\'s stream: the same seed gives the same stream' -r
complete -c momentum -n "__fish_momentum_using_subcommand monitor" -l speed -d 'Market seconds per second, or max [default: 30 in the embedded market, max in a replay]' -r
complete -c momentum -n "__fish_momentum_using_subcommand monitor" -l until -d 'End after so much market time (90min, 24h; warm-up included) or at a time (2026-01-01T06:00:00Z)' -r
complete -c momentum -n "__fish_momentum_using_subcommand monitor" -s c -l config -d 'Settings file; repeatable [default: momentum.toml here, if there is one]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand monitor" -s p -l profile -d 'Profile of settings: cautious, or profiles/NAME.toml beside a settings file' -r
complete -c momentum -n "__fish_momentum_using_subcommand monitor" -l set -d 'One setting, over all files: risk.max_position=0.2SOL; repeatable' -r
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
complete -c momentum -n "__fish_momentum_using_subcommand monitor" -l raw -d 'The programs\' own events, every field as it is on chain (needs --replay of transactions)'
complete -c momentum -n "__fish_momentum_using_subcommand monitor" -l json -d 'The same as -o json, errors too'
complete -c momentum -n "__fish_momentum_using_subcommand monitor" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c momentum -n "__fish_momentum_using_subcommand monitor" -l no-progress -d 'No progress bars'
complete -c momentum -n "__fish_momentum_using_subcommand monitor" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c momentum -n "__fish_momentum_using_subcommand score" -l on-error -d 'What becomes of a line that is no record' -r -f -a "stop\t'It is named and ends the work (exit 65)'
skip\t'It is left out and counted'"
complete -c momentum -n "__fish_momentum_using_subcommand score" -s c -l config -d 'Settings file; repeatable [default: momentum.toml here, if there is one]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand score" -s p -l profile -d 'Profile of settings: cautious, or profiles/NAME.toml beside a settings file' -r
complete -c momentum -n "__fish_momentum_using_subcommand score" -l set -d 'One setting, over all files: risk.max_position=0.2SOL; repeatable' -r
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
complete -c momentum -n "__fish_momentum_using_subcommand score" -l explain -d 'Each part of each score: inputs, age, source, tier met, distance to the next'
complete -c momentum -n "__fish_momentum_using_subcommand score" -l signals-only -d 'Only the entry signals'
complete -c momentum -n "__fish_momentum_using_subcommand score" -l json -d 'The same as -o json, errors too'
complete -c momentum -n "__fish_momentum_using_subcommand score" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c momentum -n "__fish_momentum_using_subcommand score" -l no-progress -d 'No progress bars'
complete -c momentum -n "__fish_momentum_using_subcommand score" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c momentum -n "__fish_momentum_using_subcommand trade; and not __fish_seen_subcommand_from quote from" -s c -l config -d 'Settings file; repeatable [default: momentum.toml here, if there is one]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand trade; and not __fish_seen_subcommand_from quote from" -s p -l profile -d 'Profile of settings: cautious, or profiles/NAME.toml beside a settings file' -r
complete -c momentum -n "__fish_momentum_using_subcommand trade; and not __fish_seen_subcommand_from quote from" -l set -d 'One setting, over all files: risk.max_position=0.2SOL; repeatable' -r
complete -c momentum -n "__fish_momentum_using_subcommand trade; and not __fish_seen_subcommand_from quote from" -s o -l output -d 'Form of the output' -r -f -a "table\t'For people, as wide as the terminal'
wide\t'The same with all columns, nothing shortened'
json\t'One JSON value; a stream is one object a line'
jsonl\t'One JSON object a line'
csv\t'Comma-separated, with a head line'
name\t'Only the name of each record'"
complete -c momentum -n "__fish_momentum_using_subcommand trade; and not __fish_seen_subcommand_from quote from" -l fields -d 'Only these fields of each record, as kind,mint,reserves.real_quote' -r
complete -c momentum -n "__fish_momentum_using_subcommand trade; and not __fish_seen_subcommand_from quote from" -l color -d 'Colour; auto heeds NO_COLOR and uses it on a terminal only' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c momentum -n "__fish_momentum_using_subcommand trade; and not __fish_seen_subcommand_from quote from" -l json -d 'The same as -o json, errors too'
complete -c momentum -n "__fish_momentum_using_subcommand trade; and not __fish_seen_subcommand_from quote from" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c momentum -n "__fish_momentum_using_subcommand trade; and not __fish_seen_subcommand_from quote from" -l no-progress -d 'No progress bars'
complete -c momentum -n "__fish_momentum_using_subcommand trade; and not __fish_seen_subcommand_from quote from" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c momentum -n "__fish_momentum_using_subcommand trade; and not __fish_seen_subcommand_from quote from" -f -a "quote" -d 'Prices a swap from reserves that you give: exact to the lamport, with fees and price impact'
complete -c momentum -n "__fish_momentum_using_subcommand trade; and not __fish_seen_subcommand_from quote from" -f -a "from" -d 'Trades the entry signals of a pipe on paper: the whole engine behind `momentum score -`'
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from quote" -l curve -d 'A bonding curve: virtual quote, virtual tokens, real quote, real tokens' -r
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from quote" -l pool -d 'A PumpSwap pool: tokens, quote vault, virtual quote (may be negative)' -r
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from quote" -l fees -d 'Fee rates in basis points: PROTOCOL,CREATOR on a curve, LP,PROTOCOL,CREATOR on a pool' -r
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from quote" -s c -l config -d 'Settings file; repeatable [default: momentum.toml here, if there is one]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from quote" -s p -l profile -d 'Profile of settings: cautious, or profiles/NAME.toml beside a settings file' -r
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from quote" -l set -d 'One setting, over all files: risk.max_position=0.2SOL; repeatable' -r
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
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from quote" -l json -d 'The same as -o json, errors too'
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from quote" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from quote" -l no-progress -d 'No progress bars'
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from quote" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from from" -l on-error -d 'What becomes of a line that is no record' -r -f -a "stop\t'It is named and ends the work (exit 65)'
skip\t'It is left out and counted'"
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from from" -s c -l config -d 'Settings file; repeatable [default: momentum.toml here, if there is one]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from from" -s p -l profile -d 'Profile of settings: cautious, or profiles/NAME.toml beside a settings file' -r
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from from" -l set -d 'One setting, over all files: risk.max_position=0.2SOL; repeatable' -r
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
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from from" -l json -d 'The same as -o json, errors too'
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from from" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from from" -l no-progress -d 'No progress bars'
complete -c momentum -n "__fish_momentum_using_subcommand trade; and __fish_seen_subcommand_from from" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c momentum -n "__fish_momentum_using_subcommand backtest; and not __fish_seen_subcommand_from run" -s c -l config -d 'Settings file; repeatable [default: momentum.toml here, if there is one]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand backtest; and not __fish_seen_subcommand_from run" -s p -l profile -d 'Profile of settings: cautious, or profiles/NAME.toml beside a settings file' -r
complete -c momentum -n "__fish_momentum_using_subcommand backtest; and not __fish_seen_subcommand_from run" -l set -d 'One setting, over all files: risk.max_position=0.2SOL; repeatable' -r
complete -c momentum -n "__fish_momentum_using_subcommand backtest; and not __fish_seen_subcommand_from run" -s o -l output -d 'Form of the output' -r -f -a "table\t'For people, as wide as the terminal'
wide\t'The same with all columns, nothing shortened'
json\t'One JSON value; a stream is one object a line'
jsonl\t'One JSON object a line'
csv\t'Comma-separated, with a head line'
name\t'Only the name of each record'"
complete -c momentum -n "__fish_momentum_using_subcommand backtest; and not __fish_seen_subcommand_from run" -l fields -d 'Only these fields of each record, as kind,mint,reserves.real_quote' -r
complete -c momentum -n "__fish_momentum_using_subcommand backtest; and not __fish_seen_subcommand_from run" -l color -d 'Colour; auto heeds NO_COLOR and uses it on a terminal only' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c momentum -n "__fish_momentum_using_subcommand backtest; and not __fish_seen_subcommand_from run" -l json -d 'The same as -o json, errors too'
complete -c momentum -n "__fish_momentum_using_subcommand backtest; and not __fish_seen_subcommand_from run" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c momentum -n "__fish_momentum_using_subcommand backtest; and not __fish_seen_subcommand_from run" -l no-progress -d 'No progress bars'
complete -c momentum -n "__fish_momentum_using_subcommand backtest; and not __fish_seen_subcommand_from run" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c momentum -n "__fish_momentum_using_subcommand backtest; and not __fish_seen_subcommand_from run" -f -a "run" -d 'Plays a source through the strategy as fast as it goes, with fills worse than paper\'s'
complete -c momentum -n "__fish_momentum_using_subcommand backtest; and __fish_seen_subcommand_from run" -l source -d 'The embedded market (SIMULATED), or a recording (needs --replay)' -r -f -a "sim\t'The embedded market'
replay\t'A recording'"
complete -c momentum -n "__fish_momentum_using_subcommand backtest; and __fish_seen_subcommand_from run" -l replay -d 'Recorded transactions or event records: a file, or a folder of files' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand backtest; and __fish_seen_subcommand_from run" -l seed -d 'Names the embedded market\'s stream: the same seed gives the same stream' -r
complete -c momentum -n "__fish_momentum_using_subcommand backtest; and __fish_seen_subcommand_from run" -l speed -d 'Market seconds per second, or max [default: 30 in the embedded market, max in a replay]' -r
complete -c momentum -n "__fish_momentum_using_subcommand backtest; and __fish_seen_subcommand_from run" -l until -d 'End after so much market time (90min, 24h; warm-up included) or at a time (2026-01-01T06:00:00Z)' -r
complete -c momentum -n "__fish_momentum_using_subcommand backtest; and __fish_seen_subcommand_from run" -s c -l config -d 'Settings file; repeatable [default: momentum.toml here, if there is one]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand backtest; and __fish_seen_subcommand_from run" -s p -l profile -d 'Profile of settings: cautious, or profiles/NAME.toml beside a settings file' -r
complete -c momentum -n "__fish_momentum_using_subcommand backtest; and __fish_seen_subcommand_from run" -l set -d 'One setting, over all files: risk.max_position=0.2SOL; repeatable' -r
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
complete -c momentum -n "__fish_momentum_using_subcommand backtest; and __fish_seen_subcommand_from run" -l json -d 'The same as -o json, errors too'
complete -c momentum -n "__fish_momentum_using_subcommand backtest; and __fish_seen_subcommand_from run" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c momentum -n "__fish_momentum_using_subcommand backtest; and __fish_seen_subcommand_from run" -l no-progress -d 'No progress bars'
complete -c momentum -n "__fish_momentum_using_subcommand backtest; and __fish_seen_subcommand_from run" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and not __fish_seen_subcommand_from status up plan verify backup restore" -s c -l config -d 'Settings file; repeatable [default: momentum.toml here, if there is one]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and not __fish_seen_subcommand_from status up plan verify backup restore" -s p -l profile -d 'Profile of settings: cautious, or profiles/NAME.toml beside a settings file' -r
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and not __fish_seen_subcommand_from status up plan verify backup restore" -l set -d 'One setting, over all files: risk.max_position=0.2SOL; repeatable' -r
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
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and not __fish_seen_subcommand_from status up plan verify backup restore" -l json -d 'The same as -o json, errors too'
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and not __fish_seen_subcommand_from status up plan verify backup restore" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and not __fish_seen_subcommand_from status up plan verify backup restore" -l no-progress -d 'No progress bars'
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and not __fish_seen_subcommand_from status up plan verify backup restore" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and not __fish_seen_subcommand_from status up plan verify backup restore" -f -a "status" -d 'Lists the migrations: applied, and still to be'
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and not __fish_seen_subcommand_from status up plan verify backup restore" -f -a "up" -d 'Applies what is not applied; makes the database where there is none'
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and not __fish_seen_subcommand_from status up plan verify backup restore" -f -a "plan" -d 'Prints the SQL that `up` would run'
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and not __fish_seen_subcommand_from status up plan verify backup restore" -f -a "verify" -d 'Checks everything: the file, the schema, every row, the sums of the books'
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and not __fish_seen_subcommand_from status up plan verify backup restore" -f -a "backup" -d 'Writes a copy of the book into a new file and reads it back'
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and not __fish_seen_subcommand_from status up plan verify backup restore" -f -a "restore" -d 'Puts a backup in the place of the book'
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from status" -l book -d 'Network and mode of the book' -r
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from status" -l instance -d 'Name of the instance, where several run side by side' -r
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from status" -l data-dir -d 'Folder of all books [default: momentum in the XDG data folder]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from status" -l db -d 'Address of the database, without a password; one with a password goes into store.url_file' -r
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from status" -s c -l config -d 'Settings file; repeatable [default: momentum.toml here, if there is one]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from status" -s p -l profile -d 'Profile of settings: cautious, or profiles/NAME.toml beside a settings file' -r
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from status" -l set -d 'One setting, over all files: risk.max_position=0.2SOL; repeatable' -r
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
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from status" -l json -d 'The same as -o json, errors too'
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from status" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from status" -l no-progress -d 'No progress bars'
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from up" -l book -d 'Network and mode of the book' -r
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from up" -l instance -d 'Name of the instance, where several run side by side' -r
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from up" -l data-dir -d 'Folder of all books [default: momentum in the XDG data folder]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from up" -l db -d 'Address of the database, without a password; one with a password goes into store.url_file' -r
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from up" -s c -l config -d 'Settings file; repeatable [default: momentum.toml here, if there is one]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from up" -s p -l profile -d 'Profile of settings: cautious, or profiles/NAME.toml beside a settings file' -r
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from up" -l set -d 'One setting, over all files: risk.max_position=0.2SOL; repeatable' -r
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
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from up" -l json -d 'The same as -o json, errors too'
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from up" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from up" -l no-progress -d 'No progress bars'
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from up" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from plan" -l book -d 'Network and mode of the book' -r
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from plan" -l instance -d 'Name of the instance, where several run side by side' -r
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from plan" -l data-dir -d 'Folder of all books [default: momentum in the XDG data folder]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from plan" -l db -d 'Address of the database, without a password; one with a password goes into store.url_file' -r
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from plan" -s c -l config -d 'Settings file; repeatable [default: momentum.toml here, if there is one]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from plan" -s p -l profile -d 'Profile of settings: cautious, or profiles/NAME.toml beside a settings file' -r
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from plan" -l set -d 'One setting, over all files: risk.max_position=0.2SOL; repeatable' -r
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
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from plan" -l json -d 'The same as -o json, errors too'
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from plan" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from plan" -l no-progress -d 'No progress bars'
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from plan" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from verify" -l book -d 'Network and mode of the book' -r
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from verify" -l instance -d 'Name of the instance, where several run side by side' -r
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from verify" -l data-dir -d 'Folder of all books [default: momentum in the XDG data folder]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from verify" -l db -d 'Address of the database, without a password; one with a password goes into store.url_file' -r
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from verify" -s c -l config -d 'Settings file; repeatable [default: momentum.toml here, if there is one]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from verify" -s p -l profile -d 'Profile of settings: cautious, or profiles/NAME.toml beside a settings file' -r
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from verify" -l set -d 'One setting, over all files: risk.max_position=0.2SOL; repeatable' -r
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
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from verify" -l json -d 'The same as -o json, errors too'
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from verify" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from verify" -l no-progress -d 'No progress bars'
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from verify" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from backup" -l book -d 'Network and mode of the book' -r
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from backup" -l instance -d 'Name of the instance, where several run side by side' -r
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from backup" -l data-dir -d 'Folder of all books [default: momentum in the XDG data folder]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from backup" -l db -d 'Address of the database, without a password; one with a password goes into store.url_file' -r
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from backup" -s c -l config -d 'Settings file; repeatable [default: momentum.toml here, if there is one]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from backup" -s p -l profile -d 'Profile of settings: cautious, or profiles/NAME.toml beside a settings file' -r
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from backup" -l set -d 'One setting, over all files: risk.max_position=0.2SOL; repeatable' -r
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
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from backup" -l json -d 'The same as -o json, errors too'
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from backup" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from backup" -l no-progress -d 'No progress bars'
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from backup" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from restore" -l book -d 'Network and mode of the book' -r
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from restore" -l instance -d 'Name of the instance, where several run side by side' -r
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from restore" -l data-dir -d 'Folder of all books [default: momentum in the XDG data folder]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from restore" -l db -d 'Address of the database, without a password; one with a password goes into store.url_file' -r
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from restore" -s c -l config -d 'Settings file; repeatable [default: momentum.toml here, if there is one]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from restore" -s p -l profile -d 'Profile of settings: cautious, or profiles/NAME.toml beside a settings file' -r
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from restore" -l set -d 'One setting, over all files: risk.max_position=0.2SOL; repeatable' -r
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
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from restore" -s y -l yes -d 'Replace the book that is there'
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from restore" -l json -d 'The same as -o json, errors too'
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from restore" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from restore" -l no-progress -d 'No progress bars'
complete -c momentum -n "__fish_momentum_using_subcommand migrate; and __fish_seen_subcommand_from restore" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c momentum -n "__fish_momentum_using_subcommand config; and not __fish_seen_subcommand_from init show validate schema" -s c -l config -d 'Settings file; repeatable [default: momentum.toml here, if there is one]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand config; and not __fish_seen_subcommand_from init show validate schema" -s p -l profile -d 'Profile of settings: cautious, or profiles/NAME.toml beside a settings file' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and not __fish_seen_subcommand_from init show validate schema" -l set -d 'One setting, over all files: risk.max_position=0.2SOL; repeatable' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and not __fish_seen_subcommand_from init show validate schema" -s o -l output -d 'Form of the output' -r -f -a "table\t'For people, as wide as the terminal'
wide\t'The same with all columns, nothing shortened'
json\t'One JSON value; a stream is one object a line'
jsonl\t'One JSON object a line'
csv\t'Comma-separated, with a head line'
name\t'Only the name of each record'"
complete -c momentum -n "__fish_momentum_using_subcommand config; and not __fish_seen_subcommand_from init show validate schema" -l fields -d 'Only these fields of each record, as kind,mint,reserves.real_quote' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and not __fish_seen_subcommand_from init show validate schema" -l color -d 'Colour; auto heeds NO_COLOR and uses it on a terminal only' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c momentum -n "__fish_momentum_using_subcommand config; and not __fish_seen_subcommand_from init show validate schema" -l json -d 'The same as -o json, errors too'
complete -c momentum -n "__fish_momentum_using_subcommand config; and not __fish_seen_subcommand_from init show validate schema" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c momentum -n "__fish_momentum_using_subcommand config; and not __fish_seen_subcommand_from init show validate schema" -l no-progress -d 'No progress bars'
complete -c momentum -n "__fish_momentum_using_subcommand config; and not __fish_seen_subcommand_from init show validate schema" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c momentum -n "__fish_momentum_using_subcommand config; and not __fish_seen_subcommand_from init show validate schema" -f -a "init" -d 'Writes a settings file with every key explained and commented out'
complete -c momentum -n "__fish_momentum_using_subcommand config; and not __fish_seen_subcommand_from init show validate schema" -f -a "show" -d 'Prints the settings that are in force'
complete -c momentum -n "__fish_momentum_using_subcommand config; and not __fish_seen_subcommand_from init show validate schema" -f -a "validate" -d 'Checks the settings: all errors at once, and what is allowed but surely not meant'
complete -c momentum -n "__fish_momentum_using_subcommand config; and not __fish_seen_subcommand_from init show validate schema" -f -a "schema" -d 'Prints the JSON Schema of the settings file, for editors'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from init" -s c -l config -d 'Settings file; repeatable [default: momentum.toml here, if there is one]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from init" -s p -l profile -d 'Profile of settings: cautious, or profiles/NAME.toml beside a settings file' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from init" -l set -d 'One setting, over all files: risk.max_position=0.2SOL; repeatable' -r
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
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from init" -l force -d 'Overwrite the file if it is there'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from init" -l json -d 'The same as -o json, errors too'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from init" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from init" -l no-progress -d 'No progress bars'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from init" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from show" -s c -l config -d 'Settings file; repeatable [default: momentum.toml here, if there is one]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from show" -s p -l profile -d 'Profile of settings: cautious, or profiles/NAME.toml beside a settings file' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from show" -l set -d 'One setting, over all files: risk.max_position=0.2SOL; repeatable' -r
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
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from show" -l origin -d 'Where each value was said, and what it masks'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from show" -l json -d 'The same as -o json, errors too'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from show" -l no-progress -d 'No progress bars'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from validate" -s c -l config -d 'Settings file; repeatable [default: momentum.toml here, if there is one]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from validate" -s p -l profile -d 'Profile of settings: cautious, or profiles/NAME.toml beside a settings file' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from validate" -l set -d 'One setting, over all files: risk.max_position=0.2SOL; repeatable' -r
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
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from validate" -l json -d 'The same as -o json, errors too'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from validate" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from validate" -l no-progress -d 'No progress bars'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from validate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from schema" -s c -l config -d 'Settings file; repeatable [default: momentum.toml here, if there is one]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from schema" -s p -l profile -d 'Profile of settings: cautious, or profiles/NAME.toml beside a settings file' -r
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from schema" -l set -d 'One setting, over all files: risk.max_position=0.2SOL; repeatable' -r
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
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from schema" -l json -d 'The same as -o json, errors too'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from schema" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from schema" -l no-progress -d 'No progress bars'
complete -c momentum -n "__fish_momentum_using_subcommand config; and __fish_seen_subcommand_from schema" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c momentum -n "__fish_momentum_using_subcommand completions" -s c -l config -d 'Settings file; repeatable [default: momentum.toml here, if there is one]' -r -F
complete -c momentum -n "__fish_momentum_using_subcommand completions" -s p -l profile -d 'Profile of settings: cautious, or profiles/NAME.toml beside a settings file' -r
complete -c momentum -n "__fish_momentum_using_subcommand completions" -l set -d 'One setting, over all files: risk.max_position=0.2SOL; repeatable' -r
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
complete -c momentum -n "__fish_momentum_using_subcommand completions" -l json -d 'The same as -o json, errors too'
complete -c momentum -n "__fish_momentum_using_subcommand completions" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c momentum -n "__fish_momentum_using_subcommand completions" -l no-progress -d 'No progress bars'
complete -c momentum -n "__fish_momentum_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
