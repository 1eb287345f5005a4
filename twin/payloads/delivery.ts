import type { Delivery } from "../model.ts";
import { iso } from "./common.ts";

/** A delivery in the list of an app's deliveries. */
export function deliverySummary(delivery: Delivery) {
  return {
    id: delivery.id,
    guid: delivery.guid,
    delivered_at: iso(delivery.deliveredAt),
    redelivery: delivery.redelivery,
    duration: Math.round(delivery.durationMs) / 1000,
    status: delivery.status,
    status_code: delivery.statusCode,
    event: delivery.event,
    action: delivery.action,
    installation_id: delivery.installationId,
    repository_id: delivery.repositoryId,
    throttled_at: null,
  };
}

/** A delivery with what was sent and what came back. */
export function deliveryPage(delivery: Delivery) {
  return {
    ...deliverySummary(delivery),
    url: delivery.url,
    request: delivery.request,
    response: delivery.response,
  };
}
