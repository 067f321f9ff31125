import { serveEndpoint } from "#app/_server/endpoint.ts";

// The whole JSON API. Which paths there are stands in core/runtime/endpoints.ts, beside what they mean.
export const GET = serveEndpoint;
export const HEAD = serveEndpoint;
export const POST = serveEndpoint;
export const PUT = serveEndpoint;
export const PATCH = serveEndpoint;
export const DELETE = serveEndpoint;
