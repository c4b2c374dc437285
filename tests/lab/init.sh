#!/bin/sh
# Process 1 of every guest: the file systems a collector reads, then what the overlay brought.
export PATH=/bin:/usr/bin HOME=/ PYTHONDONTWRITEBYTECODE=1
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs dev /dev
echo PRIVATE-host > /proc/sys/kernel/hostname
# Only what the visit prints shall stand between its marks.
dmesg -n 1

# load MODULE...: load modules after those they need.
load() {
    for module in $(for wanted; do cat "/lib/modules/$wanted.way"; echo; done); do
        [ -e "/sys/module/$module" ] || insmod "/lib/modules/$module.ko"
    done
}

# part NAME COMMAND...: print what a command prints between two marks, the second with its exit status.
part() {
    name=$1
    shift
    echo "@@BEGIN $name"
    "$@" 2>&1
    echo "@@END $name $?"
}

# Bring the network device up, if there is one; an emulated cable takes a moment.
go_online() {
    load $(cat /lab/drivers)
    ip link set eth0 up && ip address add 10.0.2.15/24 dev eth0
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        [ "$(cat /sys/class/net/eth0/carrier)" = 1 ] && break
        sleep 0.5
    done
}

. /lab/visit
poweroff -f
