import type { SentRequest } from "../../../webhooks/delivery-log.ts"

/**
 * A call as a command for a POSIX shell: the same URL, headers and body, with placeholders where credentials were. What a
 * quoted text would lose on its way through a page (line ends of a multipart body) goes through `printf`. Pure.
 */
export function curlCommand(url: string, { headers, body }: Pick<SentRequest, "headers" | "body">): string {
  const isPlain = !/[\p{Cc}\u2028\u2029]/u.test(body)
  const parts = [
    `curl --globoff -X POST ${quote(url)}`,
    ...headers.map(([name, value]) => `-H ${quote(`${name}: ${withoutCredentials(name, value)}`)}`),
    isPlain ? `--data-raw ${quote(body)}` : "--data-binary @-",
  ]
  const command = parts.join(" \\\n  ")
  return isPlain ? command : `printf '%b' ${quote(escapeForPrintf(body))} |\n${command}`
}

function withoutCredentials(name: string, value: string): string {
  if (name.toLowerCase() !== "authorization") return value
  const [scheme = ""] = value.split(" ", 1)
  return `${scheme} ${scheme === "Bearer" ? "YOUR_ACCESS_TOKEN" : "YOUR_API_KEY"}`
}

/** A text as one word of a POSIX shell. Pure. */
function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}

function escapeForPrintf(text: string): string {
  return text.replace(/[\\\p{Cc}\u2028\u2029]/gu, (character) => {
    if (character === "\\") return "\\\\"
    if (character === "\r") return "\\r"
    if (character === "\n") return "\\n"
    return [...Buffer.from(character)].map((byte) => `\\0${byte.toString(8).padStart(3, "0")}`).join("")
  })
}
