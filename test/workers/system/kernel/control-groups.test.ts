import { describe, expect, it } from 'vitest';
import { findGroup } from '../../../../src/workers/system/kernel/control-groups.js';
import { type Mount, parseMounts } from '../../../../src/workers/system/kernel/mounts.js';

const v1 = (controllers: string, mountPoint: string, root = '/'): Mount => ({
  device: '0:30',
  root,
  mountPoint,
  type: 'cgroup',
  source: 'cgroup',
  superOptions: ['rw', ...controllers.split(',')],
});
const v2: Mount = { ...v1('nsdelegate', '/sys/fs/cgroup/unified'), type: 'cgroup2' };

describe('the group of a controller', () => {
  it('is in its v1 hierarchy where it has one, else in v2', () => {
    const mounts = [v1('cpu,cpuacct', '/c/cpu,cpuacct'), v2];
    const membership = '4:cpu,cpuacct:/a/b\n0::/x.slice/y.service\n';
    expect(findGroup('cpuacct', membership, mounts)).toEqual({
      version: 1,
      mountPoint: '/c/cpu,cpuacct',
      folders: ['/c/cpu,cpuacct/a/b', '/c/cpu,cpuacct/a', '/c/cpu,cpuacct'],
    });
    expect(findGroup('memory', membership, mounts)?.folders[0]).toBe(
      '/sys/fs/cgroup/unified/x.slice/y.service',
    );
  });

  it('is not the one of a controller whose name only begins the same', () => {
    const mounts = [v1('cpuset', '/c/cpuset')];
    expect(findGroup('cpu', '4:cpuset:/a\n', mounts)).toBeUndefined();
  });

  it('may have colons in its name', () => {
    const group = findGroup('memory', '0::/a:b/c\n', [v2]);
    expect(group?.folders[0]).toBe('/sys/fs/cgroup/unified/a:b/c');
  });

  it('is the mount itself when only that group is mounted, or the path leads out of it', () => {
    const mounts = [v1('memory', '/c/memory', '/docker/77')];
    expect(findGroup('memory', '4:memory:/docker/77\n', mounts)?.folders).toEqual(['/c/memory']);
    expect(findGroup('memory', '0::/../../up\n', [v2])?.folders).toEqual([v2.mountPoint]);
    const deep = `0::${'/d'.repeat(200)}\n`;
    expect(findGroup('memory', deep, [v2])?.folders).toEqual([v2.mountPoint]);
  });

  it('is below the mounted group, not beside it, when the names begin the same', () => {
    const mounts = [v1('memory', '/c/memory', '/docker/77')];
    const inner = findGroup('memory', '4:memory:/docker/77/inner\n', mounts);
    expect(inner?.folders).toEqual(['/c/memory/inner', '/c/memory']);
    const other = findGroup('memory', '4:memory:/docker/778\n', mounts);
    expect(other?.folders[0]).toBe('/c/memory/docker/778');
  });

  it('is in no hierarchy without a mount or a membership', () => {
    expect(findGroup('memory', '', [v2])).toBeUndefined();
    expect(findGroup('memory', '0::/\n', [])).toBeUndefined();
  });
});

describe('the mount table', () => {
  it('is read with optional fields of any number, and escaped names', () => {
    const text =
      '36 35 98:0 /mnt1 /my\\040disk rw master:1 shared:2 - ext3 /dev/ro\\134ot rw,errors=continue\n' +
      '37 35 98:1 / /b rw - xfs /dev/b rw\n38 broken\n';
    expect(parseMounts(text)).toEqual([
      {
        device: '98:0',
        root: '/mnt1',
        mountPoint: '/my disk',
        type: 'ext3',
        source: '/dev/ro\\ot',
        superOptions: ['rw', 'errors=continue'],
      },
      expect.objectContaining({ mountPoint: '/b', type: 'xfs' }),
    ]);
  });
});
