"""Tests of the Terraform front end."""
