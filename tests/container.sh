#!/bin/bash
# Run a command as `docker run --read-only --network none` does, with root's rights and the kernel's
# own means:  container.sh NEW_ROOT USER:GROUP [PLACE:HERE[:ro]] ... -- COMMAND ...
# Each PLACE of this machine is to be seen at HERE. Run it in `unshare --mount --net`.
set -euo pipefail
new=$1 user=$2
shift 2
mount --make-rprivate /
if command -v ip >/dev/null; then ip link set lo up; fi
mount -t tmpfs -o mode=755 none "$new"
show() {
  mkdir -p "$new$2"
  mount --bind "$1" "$new$2"
  if [ "$3" = ro ]; then mount -o remount,bind,ro "$new$2"; fi
}
for name in usr etc lib lib64 bin sbin; do
  if [ -L "/$name" ]; then cp -a "/$name" "$new/$name"
  elif [ -d "/$name" ]; then show "/$name" "/$name" ro; fi
done
mkdir "$new/tmp" "$new/dev" "$new/proc"
mount -t tmpfs -o mode=1777,nosuid,nodev,noexec none "$new/tmp"
mount --rbind /dev "$new/dev"
mount --rbind /proc "$new/proc"
while [ "$1" != -- ]; do
  IFS=: read -r place here how <<< "$1"
  show "$place" "$here" "${how:-rw}"
  shift
done
shift
mount -o remount,ro "$new"
exec chroot "$new" setpriv --reuid="${user%:*}" --regid="${user#*:}" --clear-groups \
  --no-new-privs --bounding-set=-all --inh-caps=-all -- "$@"
