window.SwaggerUIBundle({ url: "/api/openapi.yaml", dom_id: "#docs", deepLinking: true });
