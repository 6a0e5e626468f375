import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findHeader } from '../src/parse/header.js';

/** First lines of Loghub's samples (Zhu et al., ISSRE 2023), with the content that its format strings give them. */
const formats: [string, string[], string[]][] = [
  [
    'date, time, level, thread, logger with a colon',
    [
      '2015-10-18 18:01:47,978 INFO [main] org.apache.hadoop.mapreduce.v2.app.MRAppMaster: Created MRAppMaster for application appattempt_1',
      '2015-10-18 18:01:48,963 WARN [IPC Server handler 0 on 62270] org.apache.hadoop.yarn.Dispatcher: Executing with tokens:',
    ],
    ['Created MRAppMaster for application appattempt_1', 'Executing with tokens:'],
  ],
  [
    'brackets',
    [
      '[Sun Dec 04 04:47:44 2005] [notice] workerEnv.init() ok /etc/httpd/conf/workers2.properties',
      '[Sun Dec 04 04:47:44 2005] [error] mod_jk child workerEnv in error state 6',
    ],
    ['workerEnv.init() ok /etc/httpd/conf/workers2.properties', 'mod_jk child workerEnv in error state 6'],
  ],
  [
    'fields between bars',
    [
      '20171223-22:15:29:606|Step_LSC|30002312|onStandStepChanged 3579',
      '20171223-22:15:29:615|Step_SPUtils|30002312|flush sensor data',
    ],
    ['onStandStepChanged 3579', 'flush sensor data'],
  ],
  [
    'syslog, with process names of several words',
    [
      'Jul  1 09:00:55 calvisitor-10-105-160-95 kernel[0]: RTC: PowerByCalendarDate setting ignored',
      'Jul  1 09:01:05 calvisitor-10-105-160-95 Microsoft Word[43]: jemmytest',
    ],
    ['RTC: PowerByCalendarDate setting ignored', 'jemmytest'],
  ],
  [
    'padded columns',
    [
      '2016-09-28 04:30:30, Info                  CBS    Session: 30546173_4261722401 initialized by client WindowsUpdateAgent.',
      '2016-09-28 04:30:31, Info                  CSI    00000001 CSI perf trace:',
    ],
    ['Session: 30546173_4261722401 initialized by client WindowsUpdateAgent.', '00000001 CSI perf trace:'],
  ],
  [
    'brackets in brackets, and a dash',
    [
      '2015-07-29 17:41:44,747 - INFO  [QuorumPeer[myid=1]/0:0:0:0:0:0:0:0:2181:FastLeaderElection@774] - Notification time out: 3200',
      '2015-07-29 19:04:12,394 - WARN  [/10.10.34.11:3888:QuorumCnxManager$Listener@493] - Interrupting SendWorker',
    ],
    ['Notification time out: 3200', 'Interrupting SendWorker'],
  ],
  [
    'a program name before a dash, of one word or two',
    [
      '[10.30 16:49:06] chrome.exe - proxy.cse.cuhk.edu.hk:5070 open through proxy proxy.cse.cuhk.edu.hk:5070 HTTPS',
      '[10.30 16:49:07] svchost.exe *64 - 127.0.0.1:135 close, 0 bytes sent, 0 bytes received, lifetime 00:01',
    ],
    [
      'proxy.cse.cuhk.edu.hk:5070 open through proxy proxy.cse.cuhk.edu.hk:5070 HTTPS',
      '127.0.0.1:135 close, 0 bytes sent, 0 bytes received, lifetime 00:01',
    ],
  ],
];

describe('findHeader', () => {
  test.each(formats)('%s', (_name, lines, contents) => {
    const cut = findHeader(lines);
    expect(lines.map(cut)).toEqual(contents);
  });

  test('messages without a header stay whole', () => {
    const lines = ['session opened for alice', 'warning: disk 7 is full', 'session closed for bob'];
    expect(lines.map(findHeader(lines))).toEqual(lines);
  });

  test('a line that has no such header stays whole', () => {
    const lines = formats[0]?.[1] ?? [];
    expect(findHeader(lines)('\tat java.lang.Thread.run(Thread.java:745)')).toBe(
      '\tat java.lang.Thread.run(Thread.java:745)',
    );
  });

  test('no lines, empty lines and any other lines do not stop it; what is cut off stood at the beginning', () => {
    expect(findHeader([])('x')).toBe('x');
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { maxLength: 30 }), (lines) => {
        const cut = findHeader(lines);
        for (const line of lines) expect(line.endsWith(cut(line))).toBe(true);
      }),
    );
  });
});
