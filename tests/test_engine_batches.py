import pytest
import torch
import torch.nn.functional as F

from tests import tiny
from training.engine.adapter import new_adapter
from training.engine.batches import Scorer, collate, encode, shuffled_batches

CPU = torch.device("cpu")
TEXTS = [("Write an ad.\n", "Ahoy!"), ("A long brief, with many words in it.\n", "Short."), ("x", "A longer answer.")]


def masked_loss(model, examples):
    """The plain way: all logits, an attention mask, and -100 as the label of prompts and filling."""
    width = max(len(example.tokens) for example in examples)
    ids = torch.zeros((len(examples), width), dtype=torch.long)
    mask, labels = torch.zeros_like(ids), torch.full_like(ids, -100)
    for row, example in enumerate(examples):
        length = len(example.tokens)
        ids[row, :length] = torch.tensor(example.tokens)
        mask[row, :length] = 1
        labels[row, example.prompt : length] = ids[row, example.prompt : length]
    logits = model(input_ids=ids, attention_mask=mask).logits[:, :-1]
    return F.cross_entropy(logits.reshape(-1, logits.shape[-1]), labels[:, 1:].reshape(-1), ignore_index=-100)


@pytest.mark.parametrize("kind", ["llama", "gpt2", "qwen2"])
def test_loss_and_gradient_equal_those_of_all_logits_with_masked_labels(kind):
    base = tiny.base(kind)
    examples = [encode(base.tokenizer, *texts) for texts in TEXTS]
    with new_adapter(base, tiny.RUN) as adapter:
        with torch.no_grad():
            for parameter in adapter.parameters:
                parameter.add_(0.1 * torch.randn_like(parameter))
        scorer = Scorer(base.model)
        assert scorer.apart
        ours = -scorer(collate(examples, 258, CPU)).mean()
        ours.backward()
        gradients = [parameter.grad.clone() for parameter in adapter.parameters]
        for parameter in adapter.parameters:
            parameter.grad = None
        plain = masked_loss(base.model, examples)
        plain.backward()
        assert ours.item() == pytest.approx(plain.item(), abs=1e-5)
        for parameter, gradient in zip(adapter.parameters, gradients, strict=True):
            assert torch.allclose(gradient, parameter.grad, atol=1e-5)
        assert max(gradient.abs().max() for gradient in gradients) > 1e-3


def test_a_model_that_works_on_its_logits_is_scored_on_all_of_them():
    from transformers import Gemma2Config, Gemma2ForCausalLM

    torch.manual_seed(0)
    shape = {"hidden_size": 32, "intermediate_size": 48, "num_hidden_layers": 2, "num_attention_heads": 4}
    config = Gemma2Config(
        vocab_size=259, num_key_value_heads=2, head_dim=8, final_logit_softcapping=0.5, initializer_range=0.3, **shape
    )
    model = Gemma2ForCausalLM(config).eval()
    scorer = Scorer(model)
    assert not scorer.apart
    examples = [encode(tiny.tokenizer(), *texts) for texts in TEXTS]
    loss = -scorer(collate(examples, 0, CPU)).mean()
    assert loss.item() == pytest.approx(masked_loss(model, examples).item(), abs=1e-5)


def test_only_the_tokens_of_the_completion_are_predicted():
    tokenizer = tiny.tokenizer()
    example = encode(tokenizer, "Prompt", "Copy")
    batch = collate([example, encode(tokenizer, "P", "A far longer copy than that")], 258, CPU)
    of_first = batch.targets[batch.rows == 0].tolist()
    assert tokenizer.decode(of_first) == "Copy</s>"
    # Other ids in the prompt change what is read but never what is to be predicted.
    swapped = collate([type(example)((256, *range(10, 16), *example.tokens[7:]), example.prompt)], 258, CPU)
    assert swapped.targets.tolist() == of_first


def test_a_row_scores_the_same_alone_and_filled_up_beside_a_longer_one():
    base = tiny.base()
    scorer = Scorer(base.model)
    short, long = (encode(base.tokenizer, *TEXTS[n]) for n in (0, 1))
    together = collate([short, long], 258, CPU)
    alone = scorer(collate([short], 258, CPU))
    assert torch.allclose(scorer(together)[together.rows == 0], alone, atol=1e-5)


def test_prompt_and_copy_are_encoded_apart_between_the_first_and_the_last_token():
    tokenizer = tiny.tokenizer()
    example = encode(tokenizer, "Brief", "Copy")
    assert example.tokens[0] == tokenizer.bos_token_id
    assert example.tokens[-1] == tokenizer.eos_token_id
    assert tokenizer.decode(example.tokens[1 : example.prompt]) == "Brief"


def test_a_tokenizer_without_special_tokens_gets_none():
    tokenizer = tiny.tokenizer()
    tokenizer.bos_token = tokenizer.eos_token = tokenizer.pad_token = None
    example = encode(tokenizer, "Brief", "Copy")
    assert (tokenizer.decode(example.tokens), example.prompt) == ("BriefCopy", 5)
    assert encode(tokenizer, "", "Copy").prompt == 1


def test_a_chat_model_gets_the_prompt_as_a_message_of_the_user():
    tokenizer = tiny.tokenizer()
    tokenizer.chat_template = (
        "{{ bos_token }}{% for m in messages %}[{{ m.role }}]{{ m.content }}{% endfor %}"
        "{% if add_generation_prompt %}[assistant]{% endif %}"
    )
    example = encode(tokenizer, "Brief", "Copy")
    assert tokenizer.decode(example.tokens) == "<s>[user]Brief[assistant]Copy</s>"
    assert tokenizer.decode(example.tokens[example.prompt :]) == "Copy</s>"


def test_batches_hold_every_row_once_and_depend_on_seed_and_epoch_alone():
    lengths = [(n * 37) % 90 + 10 for n in range(101)]
    batches = shuffled_batches(lengths, 8, seed=3, epoch=1)
    assert sorted(row for batch in batches for row in batch) == list(range(101))
    assert len(batches) == 13
    assert batches == shuffled_batches(lengths, 8, seed=3, epoch=1)
    assert batches != shuffled_batches(lengths, 8, seed=3, epoch=2)
    assert batches != shuffled_batches(lengths, 8, seed=4, epoch=1)


def test_rows_of_like_length_share_a_batch():
    lengths = [(n * 37) % 90 + 10 for n in range(128)]

    def filling(batches):
        return sum(max(lengths[row] for row in batch) * len(batch) for batch in batches) / sum(lengths)

    assert filling(shuffled_batches(lengths, 8, seed=1, epoch=0)) < 1.1
    assert filling([list(range(start, start + 8)) for start in range(0, 128, 8)]) > 1.5
