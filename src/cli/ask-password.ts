import { text } from "node:stream/consumers"
import { UsageError } from "./command.ts"

/**
 * A password from whoever calls: asked for on the terminal without showing it, or read from a pipe.
 *
 * @throws UsageError when nothing is given, or two tries differ
 */
export async function askPassword(): Promise<string> {
  if (!process.stdin.isTTY) return readPipe()
  const password = await askHidden("Password: ")
  const again = await askHidden("Once more: ")
  if (password !== again) throw new UsageError("The two passwords differ: try again.")
  return password
}

async function readPipe(): Promise<string> {
  const password = (await text(process.stdin)).replace(/\r?\n$/, "")
  if (password !== "") return password
  throw new UsageError("--password is missing: give it, or the password on standard input.")
}

async function askHidden(question: string): Promise<string> {
  const { stdin, stderr } = process
  stderr.write(question)
  stdin.setRawMode(true)
  stdin.setEncoding("utf8").resume()
  try {
    return await readLine(stdin)
  } finally {
    stdin.setRawMode(false)
    stdin.pause()
    stderr.write("\n")
  }
}

const interrupt = "\u0003"
const endOfInput = "\u0004"
const erasers = ["\u007f", "\b"]

// A raw terminal hands over each key, so the line is put together here; a paste comes as one piece.
function readLine(stdin: NodeJS.ReadStream): Promise<string> {
  return new Promise((resolve, reject) => {
    let line: string[] = []
    const finish = (settle: () => void) => {
      stdin.off("data", onData)
      settle()
    }
    const onData = (piece: string) => {
      for (const character of piece) {
        if (character === "\r" || character === "\n" || character === endOfInput) {
          return finish(() => resolve(line.join("")))
        }
        if (character === interrupt) return finish(() => reject(new UsageError("Given up.")))
        if (erasers.includes(character)) line = line.slice(0, -1)
        else line.push(character)
      }
    }
    stdin.on("data", onData)
  })
}
