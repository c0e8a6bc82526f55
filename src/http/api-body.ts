import type { IncomingMessage } from "node:http"
import type { FastifyInstance, FastifyRequest } from "fastify"
import { ApiError } from "./api-error.ts"

const largestBodyBytes = 256 * 1024
const jsonType = /^application\/json\s*(;.*)?$/i

/**
 * Makes the scope read bodies as contract/api.md §1 has them: one JSON object up to 256 KiB, nothing at all counting as
 * `{}`. Size is checked before type, type before JSON (§1, order of checks). Bodies of DELETE are ignored.
 */
export function acceptJsonObjects(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers()
  scope.addContentTypeParser("*", (request: FastifyRequest, payload: IncomingMessage) =>
    readJsonObject(request, payload),
  )
}

async function readJsonObject(request: FastifyRequest, payload: IncomingMessage): Promise<unknown> {
  if (request.method === "DELETE") {
    payload.resume()
    return undefined
  }
  const bytes = await readBytes(request, payload)
  const { "content-type": type, "content-encoding": encoding = "identity" } = request.headers
  if (encoding.toLowerCase() !== "identity") {
    throw new ApiError("unsupported_media_type", "Content-Encoding must be identity")
  }
  if (bytes.length === 0) return {}
  if (type !== undefined && !jsonType.test(type)) {
    throw new ApiError("unsupported_media_type", "Content-Type must be application/json")
  }
  return parseObject(bytes)
}

async function readBytes(request: FastifyRequest, payload: IncomingMessage): Promise<Buffer> {
  const tooLarge = new ApiError("payload_too_large", "The body is larger than 256 KiB")
  if (Number(request.headers["content-length"] ?? 0) > largestBodyBytes) {
    payload.resume() // The rest is read and dropped, so that the caller gets to read our answer.
    throw tooLarge
  }
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of payload.iterator({ destroyOnReturn: false })) {
    size += (chunk as Buffer).length
    if (size > largestBodyBytes) {
      payload.resume()
      throw tooLarge
    }
    chunks.push(chunk as Buffer)
  }
  return Buffer.concat(chunks)
}

function parseObject(bytes: Buffer): object {
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes))
  } catch {
    throw badBody("The body is not valid JSON")
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value
  throw badBody("The body must be a JSON object")
}

function badBody(description: string): ApiError {
  return new ApiError("invalid_request", description, { errors: { body: [description] } })
}
