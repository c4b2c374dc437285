# What happens in a guest of the tests. The shell lists the groups by itself, so that two programs answer.
list_groups() {
    for function in /sys/bus/pci/devices/*; do
        group=-
        for link in /sys/kernel/iommu_groups/*/devices/"${function##*/}"; do
            [ -e "$link" ] && group=${link#/sys/kernel/iommu_groups/} && group=${group%%/*}
        done
        echo "${function##*/} $group"
    done
}

submit="python3 -I -S /lab/hwdb-submit.pyz"
send="$submit --server $(cat /lab/service) --yes"

. /lab/setup
part online go_online
part groups list_groups
for sender in $(cat /lab/senders); do
    part "$sender" su "$sender" -c "$send" < /dev/null
done
if [ -e /lab/collects ]; then
    part version $submit --version
    part collected $submit collect -o -
fi
part end true
