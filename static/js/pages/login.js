// After a refusal the focus goes to the sentence that says what to do.
document.getElementById("problem")?.focus();
