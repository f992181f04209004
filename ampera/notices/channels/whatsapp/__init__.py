"""The WhatsApp Cloud API: sending, error codes, webhook payloads."""

NAME = "whatsapp"
