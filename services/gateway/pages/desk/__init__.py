"""Pages of officers: what waits for them, the queue of cases, a case on one page, and its next steps."""

from services.gateway.pages.desk import case_file, queue, steps, waiting

ROUTERS = [waiting.router, queue.router, *case_file.ROUTERS, steps.router]
