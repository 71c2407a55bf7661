# What fish offers after each line: fish --no-config complete.fish <completion script> <line>...
source $argv[1]
for line in $argv[2..]
    echo "> $line"
    complete -C $line
end
