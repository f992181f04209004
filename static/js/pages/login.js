// Entry module. After a refusal the focus goes to the sentence with the advice.
document.getElementById("problem")?.focus();
