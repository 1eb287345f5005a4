/** Webhooks that were sent. */

/** One attempt to deliver one webhook to one app. */
export interface Delivery {
  id: number;
  guid: string;
  appId: number;
  installationId: number | null;
  repositoryId: number | null;
  event: string;
  action: string | null;
  deliveredAt: number;
  redelivery: boolean;
  durationMs: number;
  /** GitHub's words: "OK", "Invalid HTTP Response: 500", "timed out", "failed to connect to host". */
  status: string;
  statusCode: number;
  url: string;
  request: { headers: Record<string, string>; payload: Record<string, unknown> };
  response: { headers: Record<string, string>; payload: string };
}
