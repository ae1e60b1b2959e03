package dev.mpx.proxy.mux.schema;

import static dev.mpx.proxy.mux.schema.Pages.flat;
import static dev.mpx.proxy.mux.schema.Pages.text;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is kept of a schema whose root is a combinator, and what is said of the rest. */
class FlatSchemaTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        // properties of every branch, required what all of them require
        "{'type':'object','anyOf':[{'properties':{'a':{},'b':{'x':1.10}},'required':['a','b']},{'properties':{'c':{}},'required':['c','a']}]}"
                + " | {'type':'object','properties':{'a':{},'b':{'x':1.10},'c':{}},'required':['a']}",
        "{'type':'object','allOf':[{'properties':{'a':{}},'required':['a']},{'properties':{'b':{}},'required':['b']}]}"
                + " | {'type':'object','properties':{'a':{},'b':{}},'required':['a','b']}",
        // what the root says stays as it stands
        "{ 'properties' : { 'a' : 1 } , 'oneOf' : [ {'properties':{'a':2,'b':3}} ] , 'required':[ 'a' ] , 'type' : 'object' }"
                + " | { 'properties' : { 'a' : 1,'b':3 } , 'required':[ 'a' ] , 'type' : 'object' }",
        "{'required':['a'],'allOf':[{'required':['b','a']}],'additionalProperties':false}"
                + " | {'required':['a','b'],'additionalProperties':false,'type':'object'}",
        // branches that differ about a property
        "{'type':'object','oneOf':[{'properties':{'k':{'const':1}}},{'properties':{'k':{'const':2}}},{'properties':{'k':{'const':1}}}]}"
                + " | {'type':'object','properties':{'k':{'anyOf':[{'const':1},{'const':2}]}}}",
        "{'type':'object','allOf':[{'properties':{'k':{'type':'string'}}},{'properties':{'k':{'minLength':2}}}]}"
                + " | {'type':'object','properties':{'k':{'allOf':[{'type':'string'},{'minLength':2}]}}}",
        // a branch that says nothing, or of something else
        "{'type':'object','anyOf':[{'required':['a']},true]} | {'type':'object'}",
        "{'type':'object','anyOf':[{'required':['a']},{'type':'null'}]} | {'type':'object'}",
        "{'type':'object','anyOf':{'required':['a']}} | {'type':'object'}",
        "{'type':'object','anyOf':[]} | {'type':'object'}",
        "{'type':'object','required':7,'properties':7,'anyOf':[{'required':['a',7],'properties':{'a':{}}}]}"
                + " | {'type':'object','required':['a'],'properties':{'a':{}}}",
        // branches within branches, several combinators
        "{'type':'object','anyOf':[{'allOf':[{'required':['a']},{'required':['b']}]},{'oneOf':[{'required':['b','c']},{'required':['b']}]}],"
                + "'allOf':[{'required':['z']}]} | {'type':'object','required':['b','z']}",
        // references
        "{'$defs':{'A':{'properties':{'a':{}},'required':['a']},'B':{'$ref':'#/$defs/A'}},'anyOf':[{'$ref':'#/$defs/A'},{'$ref':'#/$defs/B'}]}"
                + " | {'$defs':{'A':{'properties':{'a':{}},'required':['a']},'B':{'$ref':'#/$defs/A'}},'type':'object','properties':{'a':{}},'required':['a']}",
        "{'anyOf':[{'$ref':'#'},{'$ref':'#/anyOf/1'},{'$ref':'https://elsewhere'}]} | {'type':'object'}",
    })
    void whatIsKept(String schema, String flat) {
        String written = schema.replace('\'', '"');
        assertThat(text(flat(written))).isEqualTo(flat.replace('\'', '"'));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{'required':['a'],'anyOf':[{'required':['a','b','c']},{'required':['a']}]}"
                + " | At least one of these must hold: (1) `b` and `c` are given; (2) nothing more is asked.",
        "{'properties':{'k':{}},'oneOf':[{'properties':{'k':{'const':'x'}},'required':['x']},{'properties':{'k':{'enum':[1,2]}}},"
                + "{'properties':{'k':{'minimum':3},'l':{'minimum':3}}}]}"
                + " | Exactly one of these must hold: (1) `x` is given, `k` is 'x'; (2) `k` is one of [1,2]; (3) `k` matches {'minimum':3}.",
        "{'oneOf':[{'title':'By name','properties':{'n':{}}},{'not':{'required':['n']}},false]}"
                + " | Exactly one of these must hold: (1) By name; (2) `not` {'required':['n']}; (3) false.",
        "{'$defs':{'A':{'required':['a']}},'anyOf':[{'$ref':'#/$defs/A'}]} | At least one of these must hold: (1) `a` is given.",
        "{'properties':{'k':{}},'allOf':[{'properties':{'k':{'minimum':3},'l':{}},'required':['k']},{'not':{}}]}"
                + " | All of these must hold: `k` matches {'minimum':3}, `not` {}.",
    })
    void whatIsSaid(String schema, String sentence) {
        assertThat(flat(schema.replace('\'', '"')).lost()).isEqualTo(sentence.replace('\'', '"'));
    }

    @Test
    void whereAllIsKeptNothingIsSaid() {
        assertThat(flat("{\"allOf\":[{\"properties\":{\"a\":{}},\"required\":[\"a\"]}]}").lost()).isEmpty();
    }

    @Test
    void aConditionOfAnySizeIsSaidInFewWords() {
        StringBuilder branches = new StringBuilder("{\"required\":[\"" + "long".repeat(1000) + "\"]}");
        for (int i = 0; i < 1000; i++) {
            branches.append(",{\"not\":{\"const\":\"").append("\uD83D\uDE00".repeat(500)).append("\"}}");
        }

        String said = flat("{\"anyOf\":[" + branches + "]}").lost();

        assertThat(said).hasSizeLessThan(4000).endsWith("; and 989 more.");
    }
}
