"""The intrinsic functions by name."""

from __future__ import annotations

from collections.abc import Mapping

from partywall.cloudformation import function_choice, function_list, function_reference, function_text
from partywall.cloudformation.evaluation import Function

FUNCTIONS: Mapping[str, Function] = {
    "Ref": function_reference.ref,
    "Fn::GetAtt": function_reference.get_att,
    "Fn::ImportValue": function_reference.import_value,
    "Fn::GetStackOutput": function_reference.get_stack_output,
    "Fn::Transform": function_reference.transform,
    "Fn::Sub": function_text.sub,
    "Fn::Join": function_text.join,
    "Fn::Split": function_text.split,
    "Fn::Base64": function_text.base64,
    "Fn::ToJsonString": function_text.to_json_string,
    "Fn::Select": function_list.select,
    "Fn::Length": function_list.length,
    "Fn::GetAZs": function_list.get_azs,
    "Fn::Cidr": function_list.cidr,
    "Fn::If": function_choice.if_,
    "Fn::FindInMap": function_choice.find_in_map,
}
