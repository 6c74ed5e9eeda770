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
