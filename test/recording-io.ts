import { type Io, nodeIo } from '../src/cli/io.js';

/** The real machine, but with what is written and the exit codes kept. */
export function recordingIo(): { io: Io; out: string[]; err: string[]; exit: number[] } {
  const [out, err, exit]: [string[], string[], number[]] = [[], [], []];
  const plain = { isTTY: false, columns: null, color: false };
  const io: Io = {
    ...nodeIo(),
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
    setExitCode: (code) => void exit.push(code),
    stdout: plain,
    stderr: plain,
  };
  return { io, out, err, exit };
}
