import { parentPort, workerData } from "node:worker_threads"
import { readWorkbook, type WorkbookRequest } from "./xlsx-workbook.ts"

// Reads one workbook and ends: a thread of its own can be given a limit of memory and be stopped.
const request = workerData as WorkbookRequest
parentPort?.postMessage(await readWorkbook(request))
